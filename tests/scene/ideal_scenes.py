"""Scenes of networks whose skeletons are known exactly: the cube of h' = tanh(2 h), and a ring."""

import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch

from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.unstable_manifold_runs import unstable_manifold_runs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.attractors import MOVING
from rnnpipe.figures.projection import project
from rnnpipe.scene.build import build_scene
from rnnpipe.scene.contents import Scene
from tests.figures.synthetic_attractors import attractor_rows
from tests.figures.synthetic_skeletons import (
    UNITS,
    flipflop_points,
    flipflop_skeleton,
    flipflop_trials,
    frame_of_states,
    integrator_skeleton,
    integrator_trials,
)
from tests.figures.synthetic_study import principal_components

NETWORK = pd.Series({"model": "tanh16", "constraint": "none", "seed": 3})
BITS = ("bit1", "bit2", "bit3")
FLIPFLOP = FigureOptions("memory", "sign accuracy", condition_kind="categorical", bits=3, trials=6)
INTEGRATOR = FigureOptions(
    "heading",
    "circular error",
    "degrees",
    10.0,
    "heading",
    "rad",
    "circular",
    encoding="vector",
    outputs=2,
    trials=6,
)
CURVES = ["probe", "attractor", "node", "phase", "time", "state", "readout"]
_KEY = {"model": "tanh16", "constraint": "none", "seed": 3}


def tables(
    kind: str, number: int = 0, trials: int = 8, moving: Sequence[str] = ()
) -> dict[str, pd.DataFrame]:
    """The tables of one network, those that a scene is made of; with an attractor that moves."""
    rng, q = np.random.default_rng(number), frame_of_states(number)
    make = flipflop_trials if kind == "flipflop" else integrator_trials
    steps = [{**row, "state": q @ row.pop("z")} for row in make(rng, trials, 40)]
    skeleton = flipflop_skeleton(q) if kind == "flipflop" else integrator_skeleton(q)
    skeleton |= attractor_rows(q, skeleton, len(steps[0]["output"]), moving)
    found = {
        "networks": [_network(kind)],
        "trajectories": steps,
        "components": principal_components(np.stack([row["state"] for row in steps])),
        **{name: [{"probe": "zero", **row} for row in rows] for name, rows in skeleton.items()},
    }
    frames = {name: pd.DataFrame(rows) for name, rows in found.items()}
    if not moving:
        frames["curves"] = pd.DataFrame(columns=CURVES)
    frames["continua"], frames["continuum_points"] = _ring(q, kind)
    task = {"task": "memory" if kind == "flipflop" else "heading"}
    return {name: frame.assign(**_KEY, **task) for name, frame in frames.items()}


def _network(kind: str) -> dict:
    counts = [8, 12, 6, 1] if kind == "flipflop" else [4, 3, 0, 0]
    return {
        "cell": "vanilla",
        "activation": "tanh",
        "units": UNITS,
        "score": 1.0,
        "solved": True,
        "stop_reason": "steps",
        "steps": 100,
        "spectral_radius": 1.4,
        "participation_ratio": 3.0,
        "probe": "zero",
        "certificate": "consistent",
        "summary": "8 stable points" if kind == "flipflop" else "4 stable points",
        "machine_states": 8 if kind == "flipflop" else 0,
        "machine_right": 1.0,
        **{f"unstable_{k}": n for k, n in enumerate(counts)},
    }


def _ring(q: np.ndarray, kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False) if kind == "integrator" else []
    nodes = [
        {
            "probe": "zero",
            "continuum": 0,
            "node": node,
            "drift": 1e-5,
            "state": q @ np.array([1.1 * np.cos(a), 1.1 * np.sin(a), 0.3 * np.sin(2 * a)]),
        }
        for node, a in enumerate(angles)
    ]
    curve = {
        "probe": "zero",
        "continuum": 0,
        "kind": "ring",
        "nature": "attractor",
        "closed": True,
    }
    continua = pd.DataFrame([curve] if nodes else [], columns=list(curve))
    columns = ["probe", "continuum", "node", "drift", "state"]
    return continua, pd.DataFrame(nodes, columns=columns)


def cube_dynamics(q: np.ndarray) -> Dynamics:
    """z' = tanh(2 z) along three directions of 16 units; all others are forgotten at once."""
    frame = torch.from_numpy(q)

    def step(states: torch.Tensor) -> torch.Tensor:
        return torch.tanh(2 * states @ frame) @ frame.T

    return Dynamics(step, lambda states: torch.zeros(len(states), UNITS, UNITS), UNITS)


@functools.cache
def cube() -> Scene:
    """The skeleton of an ideal 3-bit flip-flop: 27 points."""
    made, q = tables("flipflop"), frame_of_states(0)
    _, states = flipflop_points(q)
    modes = made["modes"][made["modes"]["right_re"].notna()]
    own = [modes[modes["point"] == point] for point in range(27)]
    runs = unstable_manifold_runs(
        cube_dynamics(q),
        states,
        [rows["re"].to_numpy(complex) for rows in own],
        [np.stack(rows["right_re"]) if len(rows) else np.empty((0, UNITS)) for rows in own],
        lambda rows: project(rows, made["components"], 3),
        spread=1.5,
    )
    return build_scene(made, FLIPFLOP, NETWORK, ["zero"], BITS, {"zero": runs})


@functools.cache
def turning() -> Scene:
    """The skeleton of an ideal flip-flop with an attractor of every kind that moves, too."""
    made = tables("flipflop", moving=MOVING)
    return build_scene(made, FLIPFLOP, NETWORK, ["zero"], BITS)


@functools.cache
def ring() -> Scene:
    """Eight points, one of them slow and one marginal, on a ring; trajectories have headings."""
    return build_scene(tables("integrator"), INTEGRATOR, NETWORK, ["zero"], ["speed"])
