"""See where runs of the networks of one block end."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import numpy as np

from rnnpipe.dynamics.attractors import Attractor, Attractors, find_attractors
from rnnpipe.dynamics.attractors.points import leading_moduli
from rnnpipe.dynamics.classes import FIXED, class_labels
from rnnpipe.dynamics.summary import summary
from rnnpipe.jobs.job import job
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import AttractorsJob
from rnnpipe.streams import stream

# Of a network that was not harvested.
NO_RUNS = Attractors((), np.empty(0, dtype=np.int64), 0, 0)


@job(STAGES["attractors"])
def main(
    settings: AttractorsJob,
    weights: Path,
    trajectories: Path,
    fixed_points: Path,
    searches: Path,
    **files: Path,
) -> None:
    """Run every network of a block from many states and tell what each run ends in."""
    block = Block(weights, settings.task)
    networks, visited = block.networks, block.read_trajectories(trajectories)
    points = block.read(fixed_points, ["point", "kind", "state"])
    searched = block.read(searches, ["spread", "certificate"])
    with written(files, settings) as tables:
        for case, x in block.probes(progress="following runs"):
            states, own = visited.states(visited.of(case)), points.of(case)
            if not len(states):
                tables["ends"].add(**case.key, **NO_RUNS.facts())
                continue
            dynamics, search = networks.dynamics(case.network, x), searched.only(case)
            fixed = own[own["kind"] == FIXED]
            known = points.states(fixed)
            found = find_attractors(
                dynamics,
                states,
                known,
                rng=stream(case.seed, f"attractors {case.name}"),
                spread=float(search["spread"]),
                **settings.attractors.model_dump(),
            )
            tables["ends"].add(**case.key, **found.facts())
            columns = found.columns()
            classes = class_labels(leading_moduli(dynamics, known)).tolist()
            told = (columns["kind"], columns["period"], classes, search["certificate"])
            case.tell(progress=summary(*told))
            nodes = _nodes(found.attractors, fixed["point"].to_numpy(), len(own))
            for number, (node, one) in enumerate(zip(nodes, found.attractors, strict=True)):
                readout = networks.outputs(case.network, one.states)
                key = {**case.key, "attractor": number, "node": node}
                tables["attractors"].add(
                    **key,
                    **{name: values[number : number + 1] for name, values in columns.items()},
                    state=one.states[:1],
                    readout=readout.mean(0, keepdims=True),
                    readout_low=readout.min(0, keepdims=True),
                    readout_high=readout.max(0, keepdims=True),
                )
                if one.point < 0:
                    phases = {"phase": np.arange(len(one.states)), "time": one.times}
                    tables["curves"].add(**key, **phases, state=one.states, readout=readout)


def _nodes(attractors: Sequence[Attractor], points: np.ndarray, first: int) -> list[int]:
    """Numbers of attractors as nodes: that of a known point, or one from `first` on."""
    fresh = count(first)
    return [int(points[a.point]) if a.point >= 0 else next(fresh) for a in attractors]


if __name__ == "__main__":
    main()
