"""Measure what a checkpoint costs: seconds to take and write one, against seconds between two."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click
import pandas as pd
from flipflop_networks import networks_of, replicates

from rnnpipe.jobs.checkpoint import CheckpointFile
from rnnpipe.jobs.job import limit_threads
from rnnpipe.jobs.processes import Interruption
from rnnpipe.settings import TrainingSettings
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit

# Seconds between two checkpoints of `scripts/train.py`.
EVERY = 120.0


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


@click.command(context_settings={"show_default": True})
@click.option("--steps", default=200, help="Steps of training, whose history is in the file.")
@click.option("--networks", multiple=True, default=(8, 64), help="Networks of a block.")
def main(steps: int, networks: tuple[int, ...]) -> None:
    """Time a checkpoint of blocks of networks, on one thread."""
    limit_threads(1)
    table = pd.DataFrame([cost(n, 64, steps) for n in networks])
    click.echo(f"A checkpoint of a training, of which there is one every {EVERY:g} s:")
    click.echo(table.to_string(index=False, float_format="{:.3g}".format))


if __name__ == "__main__":
    main()
