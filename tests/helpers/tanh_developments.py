"""Developments known in closed form: three units h' = tanh(w h), each w growing through 1.

Where w passes 1 the point at 0 branches: 1, 3, 9, 27 points, by unstable modes as (1 + 2)^k. A
network may lose its last unit again: 27 points become 9. Weights grow linearly until they stay,
so that every event has its exact step.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from tests.figures.synthetic_skeletons import frame_of_states
from tests.figures.synthetic_study import principal_components

KEPT = (0, 8, 12, 18, 28, 42, 64, 98, 148, 225, 342, 520, 790, 1200)
PROBE = "zero"
# Steps at which the three weights pass 1, of the first network of each cohort.
CROSSINGS = {"tanh16": (20.0, 60.0, 200.0), "gru16": (110.0, 120.0, 130.0)}
# The network of this seed loses its last unit again, at this step.
FORGETFUL, FORGETS = 1, 600.0
_MOST = 2.0


def weights(step: float, crossings: np.ndarray, forgets: bool = False) -> np.ndarray:
    """The three weights at a step: 0.5 at first, 1 at their crossings, 2 at three times these."""
    grown = np.minimum(0.5 + 0.5 * step / crossings, _MOST)
    if forgets and step > FORGETS / 2:
        # From 2 through 1 at the step of forgetting, down to nothing.
        grown[2] = max(_MOST - (step - FORGETS / 2) / (FORGETS / 2), 0.0)
    return grown


def root(weight: float) -> float:
    """Positive solution of tanh(w h) = h; 0 where there is none."""
    if weight <= 1:
        return 0.0
    return float(brentq(lambda h: np.tanh(weight * h) - h, 1e-9 + 0.5 * (1 - 1 / weight), 1.0))


def crossings_of(model: str, seed: int) -> np.ndarray:
    """Steps at which the weights of a network pass 1: later for later seeds."""
    return np.array(CROSSINGS[model]) * 1.15**seed


def development(
    models: tuple[str, ...] = ("tanh16", "gru16"), seeds: int = 3
) -> dict[str, pd.DataFrame]:
    """All tables on the development of networks of the task ``memory``."""
    collected: dict[str, list[pd.DataFrame]] = {}
    for model, seed in itertools.product(models, range(seeds)):
        key = {"task": "memory", "model": model, "constraint": "none", "seed": seed}
        for name, rows in network_tables(model, seed).items():
            collected.setdefault(name, []).append(pd.DataFrame(rows).assign(**key))
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in collected.items()}
    return tables | likeness(models, seeds)


def network_tables(model: str, seed: int) -> dict[str, list[dict]]:
    """Tables of one network, without its key."""
    crossings, forgets = crossings_of(model, seed), seed == FORGETFUL
    q = frame_of_states(seed)
    names: dict[tuple[int, ...], int] = {}
    held: dict[int, dict] = {}
    tables: dict[str, list[dict]] = {
        "networks": [_network(forgets)],
        "history": [
            {"step": step, "loss": loss(step, crossings, forgets), "validation_loss": np.nan}
            for step in range(KEPT[-1] + 1)
        ],
        "components": principal_components(
            np.array(list(itertools.product([-1.0, 1.0], [-0.9, 0.9], [-0.8, 0.8]))) @ q.T
        ),
        "development": [],
        "development_points": [],
        "development_attractors": [],
        "development_events": [],
    }
    before: dict[tuple[int, ...], dict] = {}
    for number, step in enumerate(KEPT):
        w = weights(step, crossings, forgets)
        points = _points(w, q, names, before)
        tables["development_points"] += [{"step": step, **row} for row in points.values()]
        known = held
        held = _attractors(points, known, len(tables["development_attractors"]))
        tables["development_attractors"] += [{"step": step, **row} for row in held.values()]
        tables["development"].append(_row(step, w, points, crossings, forgets))
        if number:
            span = (KEPT[number - 1], step)
            born = _events(span, before, points, crossings, forgets)
            tables["development_events"] += [*born, *_exchanged(born, known, held)]
        before = points
    return tables


def loss(step: float, crossings: np.ndarray, forgets: bool = False) -> float:
    """Loss that falls to a third as each weight passes 1, and rises as one falls below it."""
    w = weights(step, crossings, forgets)
    return float(0.3 * np.prod(1 / (1 + 2 / (1 + np.exp(-12 * (w - 1))))))


def _network(forgets: bool) -> dict:
    return {
        "probe": PROBE,
        "cell": "vanilla",
        "activation": "tanh",
        "units": 16,
        "score": 0.8 if forgets else 1.0,
        "solved": not forgets,
        "stop_reason": "steps",
        "steps": KEPT[-1],
        "certificate": "consistent",
    }


def _points(w: np.ndarray, q: np.ndarray, names: dict, before: dict) -> dict[tuple, dict]:
    """The points at one step by the signs of their coordinates, with lasting identities."""
    signs = [(-1, 0, 1) if value > 1 else (0,) for value in w]
    found = {}
    for key in itertools.product(*signs):
        if key not in names or (key not in before and before):
            names[key] = max(names.values(), default=-1) + 1
        z = np.array([sign * root(value) for sign, value in zip(key, w, strict=True)])
        eigenvalues = w * (1 - z**2)
        unstable = int((eigenvalues > 1).sum())
        found[key] = {
            "probe": PROBE,
            "identity": names[key],
            "state": q @ z,
            "readout": z,
            "unstable": unstable,
            "class": f"{unstable}-saddle" if unstable else "stable",
            "index": (-1) ** unstable,
            "spectral_radius": float(eigenvalues.max()),
            "beyond_visited": False,
        }
    return found


def _attractors(points: dict, known: dict[int, dict], first: int) -> dict[int, dict]:
    """The stable points as attractors, by the point's identity; new ones have new identities."""
    stable = [row for row in points.values() if row["unstable"] == 0]
    return {
        row["identity"]: {
            "probe": PROBE,
            "identity": known.get(row["identity"], {"identity": first + number})["identity"],
            "point": row["identity"],
            "kind": "fixed",
            "period": 1.0,
            "rotation": 0.0,
            "amplitude": 0.0,
            "visited_share": 1 / len(stable),
            "box_share": 1 / len(stable),
            **dict.fromkeys(("readout", "readout_low", "readout_high"), row["readout"]),
            "state": row["state"],
        }
        for number, row in enumerate(stable)
    }


def _row(step: int, w: np.ndarray, points: dict, crossings: np.ndarray, forgets: bool) -> dict:
    stable = sum(row["unstable"] == 0 for row in points.values())
    return {
        "step": step,
        "probe": PROBE,
        "score": 0.4 + 0.2 * float((w > 1).sum()),
        "test_loss": loss(step, crossings, forgets),
        "spectral_radius": float(w.max()),
        "participation_ratio": 1.0 + float((w > 1).sum()) * 2 / 3,
        "spread": 1.0,
        "points": len(points),
        "stable": stable,
        "attractors": stable,
        "moving_share": 0.0,
        "index_sum": sum(row["index"] for row in points.values()),
        "certificate": "consistent",
        "missed": 0,
    }


def _events(
    span: tuple[int, int],
    before: dict,
    after: dict,
    crossings: np.ndarray,
    forgets: bool,
) -> list[dict]:
    """Births and deaths of points between two kept steps: pairs at branch points, dated exactly."""
    rows = []
    for event, there, others in (("birth", after, before), ("death", before, after)):
        for key in there.keys() - others.keys():
            # The unit that crossed last decides when.
            units = [i for i in range(3) if key[i] and not any(other[i] for other in others)]
            dates = [FORGETS if event == "death" else crossings[i] for i in units]
            date = max(dates) if event == "birth" else min(dates)
            unit = units[dates.index(date)]
            twin = tuple(-s if i == unit else s for i, s in enumerate(key))
            common = {
                "probe": PROBE,
                "event": event,
                "kind": "branch point",
                "step_before": span[0],
                "step_after": span[1],
                "step": float(date),
                "readout": there[key]["readout"],
            }
            point = there[key]
            rows.append(
                {
                    **common,
                    "of": "point",
                    "identity": point["identity"],
                    "partner": there[twin]["identity"],
                    "unstable": point["unstable"],
                    "index": point["index"],
                }
            )
    return sorted(rows, key=lambda row: (row["event"], row["identity"]))


def _exchanged(born: list[dict], before: dict[int, dict], after: dict[int, dict]) -> list[dict]:
    """Births and deaths of attractors at the branch points: a stable point gives way to two."""
    if not born:
        return []
    date = {name: born[0][name] for name in ("probe", "kind", "step_before", "step_after", "step")}
    # Attractors at points that branch end at the first crossing of the span, with its points.
    return [
        {
            **date,
            "of": "attractor",
            "event": event,
            "identity": row["identity"],
            "partner": -1,
            "unstable": 0,
            "index": 1,
            "readout": row["readout"],
            "step": next((b["step"] for b in born if b["identity"] == point), date["step"]),
        }
        for event, there, others in (("birth", after, before), ("death", before, after))
        for point, row in there.items()
        if point not in others
    ]


def likeness(models: tuple[str, ...], seeds: int) -> dict[str, pd.DataFrame]:
    """Tables on how alike networks are: they come together within cohorts, not between them."""
    rows = []
    for metric, step in itertools.product(("svcca", "topology"), KEPT):
        near = 0.8 * np.exp(-step / 150) + 0.1
        for pairs, far in (("within", near), ("between", near + 0.1), ("own end", near - 0.1),
                           ("other ends", near + 0.02)):  # fmt: skip
            for model in (None, *models) if pairs == "within" else (None,):
                rows.append(
                    {
                        "metric": metric,
                        "step": step,
                        "pairs_of": pairs,
                        "model": model,
                        "constraint": model and "none",
                        "networks": seeds,
                        "training": seeds,
                        "pairs": seeds * (seeds - 1) // 2,
                        "mean": far,
                        "low": far - 0.04,
                        "high": far + 0.04,
                    }
                )
    told = [
        {
            "metric": metric,
            "fraction": fraction,
            "model": model,
            "constraint": "none",
            "seed": seed,
            "step": int(fraction * KEPT[-1]),
            "end": KEPT[-1],
            "rank": 0.5 + 0.5 * fraction,
            "distances": np.linspace(0.1, 0.5, seeds),
        }
        for metric, fraction, model, seed in itertools.product(
            ("svcca", "topology"), (0.125, 0.25, 0.5), models, range(seeds)
        )
    ]
    return {
        name: pd.DataFrame(found).assign(task="memory")
        for name, found in (("convergence", rows), ("foretold", told))
    }
