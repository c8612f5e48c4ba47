"""Trace the continuous attractors of the networks of one block."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from rnnpipe.dynamics.continua import Continuum, find_continua
from rnnpipe.dynamics.continua.search import turned, turns
from rnnpipe.dynamics.fixed_points.merge import spread
from rnnpipe.jobs.job import job, reads, writes
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.settings.job_settings import ContinuaJob
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import Chunks, checked_matrix, read_table, write_table
from rnnpipe.tasks import Task

# A known point lies on a curve if it is nearer than this, relative to the spread.
ON_CURVE = 0.05


@job(
    ContinuaJob,
    reads("weights", "the trained networks"),
    reads("trajectories", "the states to start from"),
    reads("fixed-points", "the points that may lie on curves"),
    writes("continua", "one row per line or ring: length, gap, drift, turns of the readout"),
    writes("continuum-points", "the curves, node by node: state, readout, drift"),
)
def main(
    settings: ContinuaJob,
    weights: Path,
    trajectories: Path,
    fixed_points: Path,
    **outputs: Path,
) -> None:
    """Gather the slow states of every network of a block into lines and rings."""
    task = settings.task
    networks, seeds = load_networks(weights, {"inputs": task.inputs, "outputs": task.outputs})
    harvested = read_table(trajectories, ["seed", "state"], seeds)
    points = read_table(fixed_points, ["seed", "probe", "point", "kind", "state"], seeds)
    continua, nodes = Chunks("continua"), Chunks("continuum_points")
    line = ProgressLine("tracing continuous attractors", len(seeds))
    for network, seed in enumerate(seeds):
        own = harvested[harvested["seed"] == seed]
        if own.empty:
            continue
        states = checked_matrix(own["state"], trajectories, width=networks.state_size)
        scale = spread(states)
        for probe, x in task.probes().items():
            known = points[(points["seed"] == seed) & (points["probe"] == probe)]
            places = checked_matrix(known["state"], fixed_points).reshape(-1, networks.state_size)
            found = find_continua(
                networks.dynamics(network, x),
                states,
                places,
                scale,
                stream(seed, f"continua {probe}"),
                **settings.continua.model_dump(),
            )
            for number, curve in enumerate(found):
                key = {"seed": seed, "probe": probe, "continuum": number}
                columns = node_columns(curve, networks, network, x, task, scale)
                node, distance = curve.nearest(places)
                on = distance < ON_CURVE * scale
                columns["point"] = np.full(len(curve.states), -1)
                columns["point"][node[on]] = known["point"].to_numpy()[on]
                kinds = known["kind"].to_numpy()[on]
                continua.add(**key, **facts(curve, columns, kinds, scale))
                nodes.add(**key, **columns)
        line.update(network + 1, f"seed {seed}")
    for chunks in (continua, nodes):
        write_table(outputs[chunks.table], chunks.table, chunks.columns(), settings)


def node_columns(
    curve: Continuum,
    networks: NetworkStack,
    network: int,
    x: np.ndarray,
    task: Task,
    scale: float,
) -> dict[str, np.ndarray]:
    """Columns of one row per node; lengths relative to the spread of the states."""
    after = networks.dynamics(network, x).step(torch.from_numpy(curve.states)).numpy()
    now, then = (networks.outputs(network, states) for states in (curve.states, after))
    condition, later = task.report(now), task.report(then)
    return {
        **curve.node_columns(scale),
        "readout": now,
        "condition": condition,
        "condition_drift": turned(later, condition)
        if task.condition.kind == "circular"
        else later - condition,
    }


def facts(
    curve: Continuum, columns: dict[str, np.ndarray], kinds: np.ndarray, scale: float
) -> dict[str, Any]:
    """Columns of one row per continuum."""
    ring = curve.kind == "ring"
    return {
        **curve.facts(scale),
        "turns": turns(columns["condition"], ring),
        "condition_drift": np.median(np.abs(columns["condition_drift"])),
        "fixed": int((kinds == "fixed").sum()),
        "slow": int((kinds == "slow").sum()),
    }


if __name__ == "__main__":
    main()
