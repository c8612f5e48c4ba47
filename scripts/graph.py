"""Follow transitions between the points and attractors of the networks of one block."""

from pathlib import Path
from typing import Any

import numpy as np

from rnnpipe.dynamics.attractors.targets import Moving
from rnnpipe.dynamics.classes import FIXED
from rnnpipe.dynamics.transition_graph import to_digraph
from rnnpipe.dynamics.transitions import find_transitions
from rnnpipe.jobs.job import job
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import GraphJob
from rnnpipe.streams import stream
from rnnpipe.tables.artifacts import write_pickle
from rnnpipe.tables.parquet import eigenpairs
from rnnpipe.tables.schemas import PROBED


@job(STAGES["graph"])
def main(settings: GraphJob, weights: Path, edges: Path, graphs: Path, **files: Path) -> None:
    """Push every network of a block off its points and attractors and see where it settles."""
    block = Block(weights, settings.task)
    networks, size = block.networks, block.networks.state_size
    points = block.read(files["fixed_points"], ["point", "state", "kind", "readout"])
    attractors = block.read(files["attractors"], ["attractor", "node", "kind", "period", "readout"])
    curves = block.read(files["curves"], ["attractor", "phase", "state"])
    modes = block.read(files["modes"], ["point", "mode", "re", "im", "right_re", "right_im"])
    stability = block.read(files["stability"], ["point", "unstable", "class"])
    searches = block.read(files["searches"], ["spread"])
    pickled: dict[int, dict[str, Any]] = {seed: {} for seed in block.seeds}
    with written({"edges": edges}, settings) as tables:
        for case, x in block.probes(progress="following transitions"):
            own, ends = points.of(case), attractors.numbered(case, "attractor")
            own, moving = own[own["kind"] == FIXED], ends[~ends["node"].isin(own["point"])]
            if own.empty and moving.empty:
                continue
            states = points.states(own)
            eigenvalues, right = eigenpairs(modes.of_points(case, own, rows=size), size)
            along = zip(moving["kind"], curves.along(case, moving), moving["period"], strict=True)
            found = find_transitions(
                networks.dynamics(case.network, x),
                states,
                eigenvalues.reshape(-1, size),
                right.reshape(-1, size, size),
                spread=float(searches.only(case)["spread"]),
                rng=stream(case.seed, f"graph {case.name}"),
                moving=[Moving(*attractor) for attractor in along],
                attracting=own["point"].isin(ends["node"]).to_numpy(),
                pulses={
                    name: networks.dynamics(case.network, pulse).step
                    for name, pulse in block.task.pulses().items()
                },
                **settings.graph.model_dump(),
            )
            numbers = np.append(own["point"], moving["node"])
            tables["edges"].add(**case.key, **found.between(numbers).columns())
            nodes = own.merge(stability.of_points(case, own), on=[*PROBED, "point"])
            attributes = {
                "class": [*nodes["class"], *moving["kind"]],
                "unstable": [*nodes["unstable"], *[0] * len(moving)],
                "readout": [*nodes["readout"], *moving["readout"]],
            }
            pickled[case.seed][case.name] = to_digraph(found.between(numbers), attributes, numbers)
    write_pickle(graphs, pickled)


if __name__ == "__main__":
    main()
