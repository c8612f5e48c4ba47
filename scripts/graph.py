"""Follow transitions between the fixed points of the networks of one block."""

from pathlib import Path
from typing import Any

from rnnpipe.dynamics.attractors.targets import Moving
from rnnpipe.dynamics.classes import CYCLE, FIXED
from rnnpipe.dynamics.transitions import find_transitions, to_digraph
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
    """Push every network of a block off its fixed points and see where it settles."""
    block = Block(weights, settings.task)
    networks, size = block.networks, block.networks.state_size
    points = block.read(files["fixed_points"], ["point", "state", "kind", "readout"])
    orbits = block.read(files["orbits"], ["point", "phase", "state"])
    modes = block.read(files["modes"], ["point", "mode", "re", "im", "right_re", "right_im"])
    stability = block.read(files["stability"], ["point", "unstable", "class"])
    searches = block.read(files["searches"], ["spread"])
    pickled: dict[int, dict[str, Any]] = {seed: {} for seed in block.seeds}
    with written({"edges": edges}, settings) as tables:
        for case, x in block.probes(progress="following transitions"):
            own = points.of(case)
            own = own[own["kind"] != "slow"]
            if own.empty:
                continue
            at_rest = own[own["kind"] == FIXED]
            states = points.states(at_rest)
            eigenvalues, right = eigenpairs(modes.of_points(case, at_rest, rows=size), size)
            found = find_transitions(
                networks.dynamics(case.network, x),
                states,
                eigenvalues.reshape(-1, size),
                right.reshape(-1, size, size),
                spread=float(searches.only(case)["spread"]),
                rng=stream(case.seed, f"graph {case.name}"),
                moving=[Moving(CYCLE, orbit) for orbit in orbits.cycles(case, own).values()],
                pulses={
                    name: networks.dynamics(case.network, pulse).step
                    for name, pulse in block.task.pulses().items()
                },
                **settings.graph.model_dump(),
            )
            tables["edges"].add(**case.key, **found.columns())
            nodes = own.merge(stability.of_points(case, own), on=[*PROBED, "point"])
            attributes = {name: nodes[name].tolist() for name in ("class", "unstable", "readout")}
            pickled[case.seed][case.name] = to_digraph(found, attributes)
    write_pickle(graphs, pickled)


if __name__ == "__main__":
    main()
