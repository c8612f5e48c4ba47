"""Attractors of synthetic networks: their stable points, and one that moves, in their own frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, FIXED, LIMIT_CYCLE, SLOW, TORUS
from rnnpipe.tables.schemas import ATTRACTORS, NETWORK

RUNS = 64
PERIODS = {CYCLE: 3.0, LIMIT_CYCLE: 40.0}
EXPONENTS = {
    CYCLE: [-0.4, -0.5, -0.6],
    LIMIT_CYCLE: [0.0, -0.2, -0.3],
    TORUS: [0.0, 0.0, -0.1],
    CHAOTIC: [0.04, 0.0, -0.3],
    SLOW: [np.nan] * 3,
}
KEY = ["task", *NETWORK]


def motion(kind: str) -> np.ndarray:
    """Coordinates (phase, 3) of an attractor that moves."""
    if kind == CYCLE:
        angles = 2 * np.pi * np.arange(3) / 3
    elif kind == LIMIT_CYCLE:
        angles = 2 * np.pi * np.arange(40) / 40
    elif kind == SLOW:
        return np.random.default_rng(0).normal(0, 0.01, (4, 3)) + 0.5
    else:
        angles = np.random.default_rng(1).uniform(0, 2 * np.pi, 150)
    wide = 1.2 if kind != CHAOTIC else np.random.default_rng(2).uniform(0.9, 1.3, len(angles))
    return np.stack([wide * np.cos(angles), wide * np.sin(angles), 0.3 * np.sin(2 * angles)], 1)


def attractor_rows(
    q: np.ndarray,
    skeleton: Mapping[str, list[dict]],
    readouts: int,
    kinds: Sequence[str] = (),
    turn: float = PERIODS[LIMIT_CYCLE],
) -> dict[str, list[dict]]:
    """Rows of ``attractors``, ``curves`` and ``ends`` of one network under one probe.

    All runs end at its stable points, in equal parts; with kinds that move, those from visited
    states there. A limit cycle takes so many steps a turn.
    """
    classes = {row["point"]: row["class"] for row in skeleton["stability"]}
    at_rest = [p for p in skeleton["fixed_points"] if p["kind"] == FIXED]
    stable = [p for p in at_rest if classes[p["point"]] == "stable"]
    each, among = RUNS // max(len(stable), 1), RUNS // max(len(kinds), 1)
    rows = [
        {
            **_attractor(number, p["point"], FIXED, [p["state"]], [p["readout"]]),
            **_share(0 if kinds else each, each),
        }
        for number, p in enumerate(stable)
    ]
    curves = []
    for number, kind in enumerate(kinds, len(stable)):
        places = motion(kind)
        states, values = places @ q.T, places[:, :readouts]
        times = np.arange(len(places)) * (turn / len(places) if kind == LIMIT_CYCLE else 1.0)
        where = {"attractor": number, "node": len(skeleton["fixed_points"]) + number - len(stable)}
        rows.append(
            {
                **_attractor(*where.values(), kind, states, values, turn),
                **_share(among, 0 if stable else among),
            }
        )
        curves += [
            {**where, "phase": phase, "time": time, "state": state, "readout": list(value)}
            for phase, (time, state, value) in enumerate(zip(times, states, values, strict=True))
        ]
    ends = {
        "visited_runs": RUNS,
        "box_runs": RUNS,
        "visited_unassigned": RUNS - sum(row["visited"] for row in rows),
        "box_unassigned": RUNS - sum(row["box"] for row in rows),
        "visited_diverged": 0,
        "box_diverged": 0,
        "updates": 500,
        "moving_share": float(bool(kinds)),
    }
    return {"attractors": rows, "curves": curves, "ends": [ends]}


def _attractor(number: int, node: int, kind: str, states, values, turn: float = 0.0) -> dict:
    period = 1.0 if kind == FIXED else PERIODS.get(kind, np.nan)
    period = turn if kind == LIMIT_CYCLE else period
    return {
        "attractor": number,
        "node": node,
        "kind": kind,
        "period": period,
        "amplitude": 0.0 if kind == FIXED else 1.2,
        "exponents": EXPONENTS.get(kind, [-0.5, -0.5, -0.5]),
        "dimension": 1.0 if kind == LIMIT_CYCLE else np.nan,
        "state": states[0],
        "readout": list(np.mean(values, axis=0)),
    }


def _share(visited: int, box: int) -> dict:
    return {
        "visited": visited,
        "box": box,
        "visited_share": visited / RUNS,
        "box_share": box / RUNS,
    }


def census_of(kinds: list[str]) -> dict[str, float]:
    """Columns of the population table that count attractors."""
    counts = {column: float(kinds.count(kind)) for kind, column in ATTRACTORS.items()}
    return {"attractors": float(len(kinds)), **counts, "summary": "as planted"}


def moved(
    tables: Mapping[str, pd.DataFrame], moves: Mapping[tuple[str, str, int], Sequence[str]]
) -> dict[str, pd.DataFrame]:
    """The tables of a population in which some networks, by model, constraint and seed, move."""
    made = {name: [tables[name]] for name in ("attractors", "curves", "ends")}
    networks = tables["networks"].copy()
    for key, kinds in moves.items():
        own = (networks[NETWORK] == list(key)).all(axis=1)
        networks.loc[own, [ATTRACTORS[kind] for kind in kinds]] = 1.0
        task = networks.loc[own, "task"].iloc[0]
        skeleton = {
            name: tables[name][(tables[name][NETWORK] == list(key)).all(axis=1)].to_dict("records")
            for name in ("fixed_points", "stability", "components")
        }
        # Components span the frame of the network's states up to a turn, which is enough.
        q = np.stack([row["direction"] for row in skeleton.pop("components")[:3]], axis=1)
        readouts = len(skeleton["fixed_points"][0]["readout"])
        for name, rows in attractor_rows(q, skeleton, readouts, kinds).items():
            made[name][0] = made[name][0][(made[name][0][NETWORK] != list(key)).any(axis=1)]
            new = pd.DataFrame(rows).assign(probe="zero", task=task)
            made[name].append(new.assign(**dict(zip(NETWORK, key, strict=True))))
    joined = {name: pd.concat(parts, ignore_index=True) for name, parts in made.items()}
    return {**tables, **joined, "networks": networks}
