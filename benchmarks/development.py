"""Time how skeletons are followed over training beside one search for fixed points, by cell."""

from dataclasses import dataclass
from time import process_time

import click
import numpy as np
import pandas as pd
from flipflop_networks import networks_of, replicates

from rnnpipe.dynamics.development import Development, develop
from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.jobs.job import limit_threads
from rnnpipe.results.development import Growth, growths
from rnnpipe.settings import TrainingSettings
from rnnpipe.settings.sections.optional import DevelopmentSettings
from rnnpipe.streams import stream
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit

FEW = 3  # moments at which one search is timed


@dataclass(frozen=True)
class Timed:
    """The development of one network, and seconds of processor time.

    Attributes
    ----------
    found
        The development.
    step
        Seconds per kept step.
    search
        Seconds of one search with the options of the stage `fixed_points`, the mean of a few
        kept steps: the first, a middle one and the last.
    """

    found: Development
    step: float
    search: float


def timed(growth: Growth, x: np.ndarray, asked: DevelopmentSettings) -> Timed:
    """Follow one network over its kept steps."""
    moments, begin = growth.moments(x), process_time()
    found = develop(
        moments,
        growth.family(x),
        rng=stream(growth.seed, "development"),
        search=asked.search_options(),
        runs=asked.run_options(),
    )
    seconds, begin = process_time() - begin, process_time()
    for place in np.linspace(0, len(moments) - 1, FEW).astype(int):
        one = moments[place]
        find_fixed_points(one.dynamics, one.visited, rng=stream(growth.seed, "search"))
    return Timed(found, seconds / len(moments), (process_time() - begin) / FEW)


@click.command(context_settings={"show_default": True})
@click.option("--cell", "cells", multiple=True, default=("vanilla", "gru"), help="Cells to time.")
@click.option("--units", default=64, help="Units of a network.")
@click.option("--networks", default=4, help="Networks of each cell.")
@click.option("--steps", default=600, help="Steps of training, of which 20 are kept.")
def main(cells: tuple[str, ...], units: int, networks: int, steps: int) -> None:
    """Print seconds per network and kept step, and what was found, of 3-bit flip-flops."""
    limit_threads(1)
    task, seeds, rows = FlipFlop(), tuple(range(networks)), []
    asked = DevelopmentSettings(count=20, first=8)
    for cell in cells:
        untrained = networks_of(task, seeds, units, {}, cell)
        settings = TrainingSettings(steps=steps, learning_rate=0.005).resolved()
        keep = asked.kept_steps(steps)
        kept = fit(untrained, task, replicates(seeds), settings, keep=keep).snapshots
        for growth in growths(kept, task, "flipflop", asked.trials):
            one = timed(growth, np.zeros(task.inputs), asked)
            skeletons = one.found.skeletons
            kinds = [event.turn.kind for event in one.found.points.events]
            rows.append(
                {
                    "cell": cell,
                    "seed": growth.seed,
                    "seconds per step": one.step,
                    "one search": one.search,
                    "points": " ".join(str(len(own.points)) for own in skeletons),
                    "index sum 1": sum(own.index_sum == 1 for own in skeletons),
                    "missed": sum(own.missed for own in skeletons),
                    "events": len(kinds),
                    "not dated": kinds.count("unknown"),
                }
            )
    table = pd.DataFrame(rows)
    click.echo(table.to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
