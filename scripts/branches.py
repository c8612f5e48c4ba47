"""Follow the fixed points of the networks of one block along swept inputs."""

from pathlib import Path

from rnnpipe.dynamics.branches import find_branches
from rnnpipe.jobs.job import job
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import BranchesJob
from rnnpipe.streams import stream


@job(STAGES["branches"])
def main(settings: BranchesJob, weights: Path, trajectories: Path, **files: Path) -> None:
    """Find the branches of fixed points of every network of a block along every sweep."""
    block = Block(weights, settings.task)
    networks, visited = block.networks, block.read_trajectories(trajectories)
    with written(files, settings) as tables:
        for case, sweep in block.sweeps(progress="following branches"):
            states = visited.states(visited.of(case))
            if not len(states):
                continue
            found = find_branches(
                networks.driven(case.network),
                states,
                sweep.origin,
                sweep.channel,
                sweep.values,
                rng=stream(case.seed, f"branches {case.name}"),
                **settings.branches.model_dump(),
            )
            case.tell(progress=f"{len(found.ends)} branches")
            readout = networks.outputs(case.network, found.states)
            tables["branches"].add(**case.key, **found.row_columns(), readout=readout)
            readout = networks.outputs(case.network, found.event_states)
            tables["bifurcations"].add(**case.key, **found.event_columns(), readout=readout)


if __name__ == "__main__":
    main()
