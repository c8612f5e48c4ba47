"""Measure what checkpoints and kept weights cost: seconds to take and write them, and bytes."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import click
import pandas as pd
from flipflop_networks import networks_of, replicates

from rnnpipe.jobs.checkpoint import CheckpointFile
from rnnpipe.jobs.job import limit_threads
from rnnpipe.jobs.processes import Interruption
from rnnpipe.networks.snapshots_file import save_snapshots
from rnnpipe.settings import TrainingSettings
from rnnpipe.settings.sections.optional import DevelopmentSettings
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit

# Seconds between two checkpoints of `scripts/train.py`.
EVERY = 120.0
# Trainings with and without kept weights, of which the fastest count.
REPEATS = 3


class Timed(CheckpointFile):
    """A checkpoint that writes at every offer and records duration and size."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "benchmark", 0.0, Interruption())
        self.seconds: list[float] = []

    def offer(self, *arguments) -> None:
        begin = perf_counter()
        super().offer(*arguments)
        self.seconds.append(perf_counter() - begin)


def cost(networks: int, units: int, steps: int) -> dict[str, float]:
    """Measure seconds and bytes of the last checkpoint of a training, and its share of the time."""
    task, seeds = FlipFlop(), range(networks)
    settings = TrainingSettings(steps=steps)
    with TemporaryDirectory() as folder:
        kept = Timed(Path(folder) / "train.pt")
        untrained = networks_of(task, seeds, units, {})
        fit(untrained, task, replicates(seeds), settings, checkpoints=kept)
        size = kept.path.stat().st_size
    last = max(kept.seconds[-3:])
    return {
        "networks": networks,
        "units": units,
        "steps": steps,
        "s": last,
        "% of the time": 100 * last / EVERY,
        "kB/network": size / networks / 1e3,
    }


def keeping(networks: int, units: int, steps: int) -> dict[str, float]:
    """Measure CPU seconds of a training without and with kept weights, and bytes of their file."""
    task, seeds = FlipFlop(), range(networks)
    settings, asked = TrainingSettings(steps=steps), DevelopmentSettings()
    spent: dict[tuple[int, ...], list[float]] = {(): [], asked.kept_steps(steps): []}
    untrained = networks_of(task, seeds, units, {})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "snapshots.pt"
        for steps_kept in [*spent] * REPEATS:
            begin = process_time()
            result = fit(untrained, task, replicates(seeds), settings, keep=steps_kept)
            save_snapshots(path, result.snapshots, settings)
            spent[steps_kept].append(process_time() - begin)
        size = path.stat().st_size
    plain, kept = map(min, spent.values())
    return {
        "networks": networks,
        "steps kept": asked.count,
        "s without": plain,
        "s with": kept,
        "%": 100 * (kept / plain - 1),
        "kB/network": size / networks / 1e3,
    }


@click.command(context_settings={"show_default": True})
@click.option("--steps", default=200, help="Steps of training, whose history is in the file.")
@click.option("--networks", multiple=True, default=(8, 64), help="Networks of a block.")
def main(steps: int, networks: tuple[int, ...]) -> None:
    """Time checkpoints and kept weights of blocks of networks, on one thread."""
    limit_threads(1)
    table = pd.DataFrame([cost(n, 64, steps) for n in networks])
    click.echo(f"A checkpoint of a training, of which there is one every {EVERY:g} s:")
    click.echo(table.to_string(index=False, float_format="{:.3g}".format))
    table = pd.DataFrame([keeping(networks[0], 64, steps)])
    click.echo(f"\nWeights kept in {steps} steps of training, and written to a file:")
    click.echo(table.to_string(index=False, float_format="{:.3g}".format))


if __name__ == "__main__":
    main()
