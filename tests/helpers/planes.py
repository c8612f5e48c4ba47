"""Tables of networks of low rank in κ: memories at ±1 along each direction, and a limit cycle."""

from itertools import product

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import FIXED, LIMIT_CYCLE

AXIS = np.linspace(-2, 2, 9)
KEY = {"task": "memory", "model": "leaky64"}
PROBES = [f"push{i}" for i in range(6)]


def networks() -> pd.DataFrame:
    """Ranks 1, 2 and 3, a network that turns, and one that diverged."""
    rows = [
        {**KEY, "constraint": constraint, "seed": 0, "solved": True, "stop_reason": "steps"}
        for constraint in ("rank1", "rank2", "rank3", "turning", "lost")
    ]
    rows[-1] |= {"solved": False, "stop_reason": "diverged"}
    return pd.DataFrame(rows)


def tables(probes: list[str]) -> dict[str, pd.DataFrame]:
    """All tables that the figure draws."""
    found: dict[str, list[pd.DataFrame]] = {}
    for constraint, rank in (("rank1", 1), ("rank2", 2), ("rank3", 3)):
        _add(found, constraint, _axes(rank), _trials(rank, probes))
        for probe in probes:
            _add(found, constraint, _memories(rank, probe))
    _add(found, "turning", _axes(2), _trials(2, probes))
    for probe in probes:
        _add(found, "turning", _turning(probe))
    made = {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}
    return {"networks": networks(), **made}


def _add(
    found: dict[str, list[pd.DataFrame]], constraint: str, *parts: dict[str, list[dict]]
) -> None:
    for part in parts:
        for name, rows in part.items():
            frame = pd.DataFrame(rows).assign(**KEY, constraint=constraint, seed=0)
            found.setdefault(name, []).append(frame)


def _axes(rank: int) -> dict[str, list[dict]]:
    return {
        "plane_axes": [
            {
                "direction": i,
                "singular_value": 3.0 - i,
                "low": -2.0 if i < 2 else np.nan,
                "high": 2.0 if i < 2 else np.nan,
                "slice": 0.25 if i == 2 else np.nan,
            }
            for i in range(rank)
        ]
    }


def _trials(rank: int, probes: list[str]) -> dict[str, list[dict]]:
    return {
        "plane_trials": [
            {"trial": t, "time": time, "probe": probe, "kappa": [0.1 * time * (-1) ** t] * rank}
            for t, probe in enumerate(probes * 2)
            for time in range(10)
        ]
    }


def _nodes(rank: int) -> list[list[float]]:
    """The grid of a plane, or a line, the first direction fastest; third directions at 0.25."""
    axes = min(rank, 2)
    return [[*place[::-1], *[0.25] * (rank - axes)] for place in product(AXIS, repeat=axes)]


def _memories(rank: int, probe: str) -> dict[str, list[dict]]:
    """Points at -1, 0 and 1 along the first two directions; those without a 0 are stable."""
    places = list(product((-1.0, 0.0, 1.0), repeat=min(rank, 2)))
    kappas = [[*place, *[0.0] * (rank - len(place))] for place in places]
    unstable = [place.count(0.0) for place in places]
    stable = [place for place, k in zip(places, unstable, strict=True) if k == 0]
    numbers = [point for point, k in enumerate(unstable) if k == 0]
    nodes = _nodes(rank)
    of = {"probe": probe}
    return {
        "plane": [
            {
                **of,
                "kappa": node,
                "flow": [0.1 * (x - x**3) for x in node],
                "attractor": -1
                if 0.0 in node[:2]
                else stable.index(tuple(np.sign(node[: len(stable[0])]))),
            }
            for node in nodes
        ],
        "plane_points": [{**of, "point": i, "kappa": kappa} for i, kappa in enumerate(kappas)],
        "fixed_points": [{**of, "point": i, "kind": "fixed"} for i in range(len(places))],
        "stability": [
            {**of, "point": i, "unstable": k, "class": f"{k}-saddle" if k else "stable"}
            for i, k in enumerate(unstable)
        ],
        "attractors": [
            {**of, "attractor": i, "node": point, "kind": FIXED, "period": 1.0}
            for i, point in enumerate(numbers)
        ],
    }


def _turning(probe: str) -> dict[str, list[dict]]:
    """All but a point in the middle goes to a circle."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    of, node = {"probe": probe}, {"attractor": 0, "node": 1}
    return {
        "plane": [
            {
                **of,
                "kappa": [x, y],
                "flow": [0.1 * (x * (1 - x * x - y * y) - y), 0.1 * (y * (1 - x * x - y * y) + x)],
                "attractor": 0,
            }
            for x, y in _nodes(2)
        ],
        "plane_points": [{**of, "point": 0, "kappa": [0.0, 0.0]}],
        "plane_curves": [
            {**of, **node, "phase": i, "kappa": [np.cos(a), np.sin(a)]}
            for i, a in enumerate(angles)
        ],
        "fixed_points": [{**of, "point": 0, "kind": "fixed"}],
        "stability": [{**of, "point": 0, "unstable": 2, "class": "2-saddle"}],
        "attractors": [{**of, **node, "kind": LIMIT_CYCLE, "period": 60.0}],
    }
