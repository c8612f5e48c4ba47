"""Time a training step at low rank beside full recurrent weights, by number of units."""

from statistics import median

import click
import pandas as pd
from flipflop_networks import networks_of, replicates
from training import Stopwatch

from rnnpipe.jobs.job import limit_threads
from rnnpipe.settings import TrainingSettings
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit
from rnnpipe.training.trial_batches import STEPS_PER_DRAW


def milliseconds(
    cell: str, rank: int | None, units: int, networks: int, settings: TrainingSettings
) -> float:
    """Measure milliseconds of processor time per network and step."""
    task, watch, seeds = FlipFlop(), Stopwatch(), range(networks)
    constraint = {} if rank is None else {"rank": rank}
    untrained = networks_of(task, seeds, units, constraint, cell)
    fit(untrained, task, replicates(seeds), settings, lambda progress: watch.note(progress.step))
    return watch.milliseconds(networks)


@click.command(context_settings={"show_default": True})
@click.option("--cell", "cells", multiple=True, default=("vanilla", "ctrnn"), help="Cells to time.")
@click.option("--units", "sizes", multiple=True, default=(64, 256, 512), help="Units of a network.")
@click.option("--rank", default=2, help="Rank beside full.")
@click.option("--networks", default=4, help="Networks at once.")
@click.option("--trials", default=64, help="Trials of a step.")
@click.option("--rounds", default=3, help="Rounds in which all take turns; the median counts.")
def main(
    cells: tuple[str, ...],
    sizes: tuple[int, ...],
    rank: int,
    networks: int,
    trials: int,
    rounds: int,
) -> None:
    """Time a training step of low and of full rank, on one thread."""
    limit_threads(1)
    steps = 2 * STEPS_PER_DRAW + 1
    settings = TrainingSettings(
        steps=steps, trials=trials, validation={"every": steps, "trials": 1}
    )
    cases = [(cell, units, r) for cell in cells for units in sizes for r in (None, rank)]
    taken: dict[tuple[str, int, int | None], list[float]] = {case: [] for case in cases}
    for _ in range(rounds):
        for cell, units, r in cases:
            taken[cell, units, r].append(milliseconds(cell, r, units, networks, settings))
    rows = []
    for cell in cells:
        for units in sizes:
            full, low = (median(taken[cell, units, r]) for r in (None, rank))
            rows.append({"cell": cell, "units": units, "full": full, "low": low, "×": full / low})
    task = FlipFlop()
    click.echo(
        f"Training step, ms of processor time per network, {networks} at once: full weights and "
        f"rank {rank}; {task.inputs}-bit flip-flop, tanh, {trials} trials, {task.time} time steps; "
        f"1 thread, median of {rounds} rounds.\n× is how many times as fast as full."
    )
    table = pd.DataFrame(rows).rename(columns={"low": f"rank {rank}"})
    click.echo(table.to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
