"""Look at the networks of one block, of low rank, in their variables κ."""

from pathlib import Path

import numpy as np
import torch

from rnnpipe.jobs.job import job
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, BlockTable, written
from rnnpipe.results.plane import BlockTables, NetworkPlane
from rnnpipe.settings.job_settings import PlaneJob
from rnnpipe.tables.parquet import read_table


@job(STAGES["plane"])
def main(
    settings: PlaneJob,
    weights: Path,
    trajectories: Path,
    fixed_points: Path,
    attractors: Path,
    curves: Path,
    **files: Path,
) -> None:
    """Gather the flow of κ of every network of a block, and what lies in it."""
    block, plane = Block(weights, settings.task), settings.plane
    steps = ["seed", "trial", "time", "input", "state"]
    rows = read_table(trajectories, steps, block.seeds, only={"trial": range(plane.trials)})
    known = BlockTables(
        BlockTable(trajectories, rows, block.networks.state_size),
        block.read(fixed_points, ["point", "kind", "state"]),
        block.read(attractors, ["attractor", "node", "kind", "period", "state"]),
        block.read(curves, ["attractor", "node", "phase", "state"]),
    )
    network: tuple[int, NetworkPlane] | None = None
    with written(files, settings) as tables:
        for case, _ in block.probes(progress="following κ"):
            if not len(known.trials.of(case)):
                continue
            if network is None or network[0] != case.seed:
                network = case.seed, NetworkPlane(block, case, known)
                tables["plane_axes"].add(seed=case.seed, **network[1].axes())
                tables["plane_trials"].add(seed=case.seed, **network[1].trials)
            whole, own = network[1], network[1].probes[case.name]
            tables["plane_points"].add(**case.key, **own.points)
            tables["plane_curves"].add(**case.key, **own.curves)
            nodes = whole.view.nodes(plane.grid)
            settled = own.settled(nodes, whole.view.extent, plane.steps)
            flow = own.reduced.flow(torch.from_numpy(nodes)).numpy()
            tables["plane"].add(**case.key, kappa=nodes, flow=flow, attractor=settled)
            case.tell(progress=f"{np.mean(settled >= 0):.0%} of the grid settle")


if __name__ == "__main__":
    main()
