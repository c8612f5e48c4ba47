"""Search for the fixed points of the networks of one block."""

from pathlib import Path

import click
import numpy as np

from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.fixed_points.result import facts_of_no_search
from rnnpipe.dynamics.spread import spread
from rnnpipe.jobs.job import device_option, job
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import FixedPointsJob
from rnnpipe.streams import stream

ABSENT = "the network was not harvested: its training diverged or its states are not finite"


@job(STAGES["fixed_points"], device_option)
def main(
    settings: FixedPointsJob, weights: Path, trajectories: Path, device: str, **files: Path
) -> None:
    """Find the fixed points of every network of a block under every probe input."""
    block = Block(weights, settings.task, device)
    networks, visited = block.networks, block.read_trajectories(trajectories)
    with written(files, settings) as tables:
        for case, x in block.probes(progress="searching fixed points"):
            states = visited.states(visited.of(case))
            if not len(states):
                tables["searches"].add(**case.key, **facts_of_no_search(ABSENT), spread=np.nan)
                continue
            search = find_fixed_points(
                networks.dynamics(case.network, x),
                states,
                rng=stream(case.seed, f"fixed points {case.name}"),
                **settings.fixed_points.model_dump(),
            )
            case.tell(progress=f"{search.found} points, {search.verdict}")
            if search.differences:
                # Whoever relies on the search elsewhere wants to know.
                click.echo(f"seed {case.seed}, {case.name}: {search.differences}", err=True)
            tables["searches"].add(**case.key, **search.facts(), spread=spread(states))
            seen = networks.outputs(case.network, search.states)
            numbers = np.arange(len(search.states))
            columns = {"point": numbers, **search.point_columns(), "readout": seen}
            tables["fixed_points"].add(**case.key, **columns)


if __name__ == "__main__":
    main()
