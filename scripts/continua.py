"""Trace the continuous attractors of the networks of one block."""

from pathlib import Path

import numpy as np
import torch

from rnnpipe.dynamics.continua import find_continua
from rnnpipe.dynamics.continua.continuum import condition_columns, count_turns
from rnnpipe.dynamics.spread import spread
from rnnpipe.jobs.job import job
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import ContinuaJob
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import read_table


@job(STAGES["continua"])
def main(
    settings: ContinuaJob, weights: Path, trajectories: Path, fixed_points: Path, **files: Path
) -> None:
    """Gather the slow states of every network of a block into curves and surfaces."""
    task, block = settings.task, Block(weights, settings.task)
    circular = task.condition.kind == "circular"
    networks, visited = block.networks, block.read_trajectories(trajectories)
    times = read_table(trajectories, ["time"])["time"]
    trial = int(times.max()) + 1 if len(times) else 1
    points = block.read(fixed_points, ["point", "kind", "state"])
    with written(files, settings) as tables:
        for case, x in block.probes(progress="tracing continua"):
            states, known = visited.states(visited.of(case)), points.of(case)
            if not len(states):
                continue
            dynamics, scale = networks.dynamics(case.network, x), spread(states)
            places = points.states(known)
            rng = stream(case.seed, f"continua {case.name}")
            found = find_continua(
                dynamics,
                states,
                places,
                scale,
                rng,
                trial=trial,
                **settings.continua.model_dump(),
            )
            for number, curve in enumerate(found):
                after = dynamics.step(torch.from_numpy(curve.states)).numpy()
                now, then = (networks.outputs(case.network, h) for h in (curve.states, after))
                reported = condition_columns(task.report(now), task.report(then), circular)
                node = curve.nodes_at(places, scale)
                on, point = node >= 0, np.full(len(curve.states), -1)
                point[node[on]] = known["point"].to_numpy()[on]
                kinds = known["kind"].to_numpy()[on]
                turning = circular and curve.kind != "surface"
                moved = np.abs(reported["condition_drift"])
                key = {**case.key, "continuum": number}
                columns = {**curve.node_columns(scale), **reported, "readout": now, "point": point}
                tables["continuum_points"].add(**key, **columns)
                tables["continua"].add(
                    **key,
                    **curve.facts(scale),
                    turns=count_turns(reported["condition"], curve.closed) if turning else np.nan,
                    condition_drift=np.median(moved),
                    condition_error=trial * moved.max(),
                    fixed=int((kinds == "fixed").sum()),
                    slow=int((kinds == "slow").sum()),
                )


if __name__ == "__main__":
    main()
