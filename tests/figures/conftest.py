"""Synthetic populations: several cohorts, with networks that were not solved or diverged."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from rnnpipe.dynamics.classes import FIXED
from rnnpipe.figures.options import FigureOptions
from tests.figures.synthetic_attractors import attractor_rows, census_of
from tests.figures.synthetic_skeletons import (
    UNITS,
    flipflop_skeleton,
    flipflop_trials,
    frame_of_states,
    integrator_skeleton,
    integrator_trials,
)
from tests.figures.synthetic_study import principal_components, study

OPTIONS = {
    "flipflop": FigureOptions(
        "memory", "sign accuracy", "", 0.99, "memory state", "", "categorical", bits=3
    ),
    "integrator": FigureOptions(
        "memory",
        "circular error",
        "degrees",
        10.0,
        "heading",
        "rad",
        "circular",
        encoding="vector",
        outputs=2,
        sweeps={"turn": ("speed", "rad per step")},
    ),
}
Tables = dict[str, pd.DataFrame]
CURVES = ["probe", "attractor", "node", "phase", "time", "state", "readout"]


CELLS = {"tanh64": "vanilla", "gru64": "gru", "relu128-softplus": "vanilla", "ctrnn32": "ctrnn"}


def cohort_names(count: int) -> list[tuple[str, str]]:
    constraints = ["free", "dale80", "dale80-two-regions", "sparse10", "masked", "noautapse"]
    return list(itertools.product(CELLS, constraints))[:count]


def weight_rows(q: np.ndarray, constraint: str, rng: np.random.Generator) -> list[dict]:
    values = {
        "recurrent": 2 * q @ q.T + 0.1 * rng.normal(size=(UNITS, UNITS)),
        "input": rng.normal(size=(UNITS, 3)),
        "output": rng.normal(size=(3, UNITS)),
    }
    sign = np.zeros(UNITS, dtype=int)
    if "dale" in constraint:
        sign = np.where(np.arange(UNITS) % 5 == 4, -1, 1)
        values["recurrent"] = np.abs(values["recurrent"]) * sign
    region = np.where(np.arange(UNITS) < 9, "A", "B") if "regions" in constraint else [""] * UNITS
    rows = []
    for name, matrix in values.items():
        for row, column in np.ndindex(matrix.shape):
            rows.append(
                {
                    "matrix": name,
                    "row": row,
                    "column": column,
                    "value": matrix[row, column],
                    "row_region": "" if name == "output" else region[row],
                    "column_region": "" if name == "input" else region[column],
                    "column_sign": 0 if name == "input" else sign[column],
                }
            )
    return rows


def fold_rows(q: np.ndarray) -> tuple[list[dict], list[dict]]:
    """A branch x = h - h^3 that turns twice, stable outside of its folds, and a stray one."""
    tables: tuple[list[dict], list[dict]] = ([], [])
    folds = [-(3**-0.5), 3**-0.5]
    for sweep, rows, heights in (
        ("turn", tables[0], np.linspace(-1.2, 1.2, 25)),
        ("other", tables[0], np.linspace(0, 1, 3)),
        ("turn", tables[1], folds),
    ):
        for step, h in enumerate(heights):
            row = {
                "sweep": sweep,
                "branch": 0,
                "position": h + 1.2,
                "value": h - h**3,
                "state": q @ np.array([h, 0.0, 0.0]),
                "readout": [h, -h],
            }
            if rows is tables[1]:
                rows.append({**row, "kind": "fold"})
            else:
                stable = bool(abs(h) > folds[1])
                rows.append({**row, "step": step, "stable": stable, "unstable": 1 - stable})
    return tables


def history_rows(outcome: str, rng: np.random.Generator) -> list[dict]:
    rows = []
    for step in range(0, 1000, 10):
        floor = 0.2 if outcome == "not solved" else 1e-3
        loss = (np.exp(-step / 120) + floor) * np.exp(0.2 * rng.normal())
        if outcome == "diverged":
            loss = np.exp(step / 25) if step < 200 else np.nan
        rows.append(
            {
                "step": step,
                "loss": loss,
                "learning_rate": 1e-3,
                "gradient_norm": 0.5,
                "validation_loss": loss if step % 50 == 0 else np.nan,
            }
        )
    return rows


def network_row(kind: str, outcome: str, rng: np.random.Generator) -> dict:
    lost = outcome == "diverged"
    solved = outcome == "solved"
    score = {
        "flipflop": 0.995 + 0.005 * rng.random() if solved else 0.8,
        "integrator": 2 + 3 * rng.random() if solved else 30.0,
    }[kind]
    counts = [8, 12, 6, 1] if kind == "flipflop" else [4, 4, 0, 0]
    counts = counts if solved else [3, 2, 0, 0]
    return {
        "score": np.nan if lost else score,
        "solved": solved,
        "stop_reason": "diverged" if lost else "steps",
        "steps": 1000,
        "participation_ratio": np.nan if lost else 2.8 + 0.4 * rng.random(),
        **{name: np.nan if lost else n for name, n in census_of([FIXED] * counts[0]).items()},
        **{f"unstable_{k}": np.nan if lost else float(n) for k, n in enumerate(counts)},
    }


def outcome_of(cohort: int, seed: int) -> str:
    """Seed 1 of the first cohort is not solved and its seed 2 diverged; the third never learns."""
    if cohort == 2:
        return "diverged"
    if cohort == 5:
        return "not solved"
    return {(0, 1): "not solved", (0, 2): "diverged"}.get((cohort, seed), "solved")


def population(cohorts: int, kind: str, seeds: int = 4, trials: int = 6) -> Tables:
    """All tables of a population; the third cohort diverged, the sixth was not solved."""
    collected: dict[str, list[pd.DataFrame]] = {}
    for index, (model, constraint) in enumerate(cohort_names(cohorts)):
        for seed in range(seeds):
            tables = network_tables(
                kind, outcome_of(index, seed), constraint, 100 * index + seed, trials
            )
            tables["networks"][0]["cell"] = CELLS[model]
            key = {"task": "memory", "model": model, "constraint": constraint, "seed": seed}
            for name, rows in tables.items():
                frame = pd.DataFrame(rows, columns=CURVES if name == "curves" else None)
                collected.setdefault(name, []).append(frame.assign(**key))
    return {name: pd.concat(parts, ignore_index=True) for name, parts in collected.items()}


def network_tables(
    kind: str, outcome: str, constraint: str, number: int, trials: int
) -> dict[str, list[dict]]:
    rng = np.random.default_rng(number)
    q = frame_of_states(number)
    tables = {"networks": [network_row(kind, outcome, rng)], "history": history_rows(outcome, rng)}
    if outcome == "diverged":
        return tables
    make = flipflop_trials if kind == "flipflop" else integrator_trials
    rows = [{**row, "state": q @ row["z"]} for row in make(rng, trials, 50)]
    for row in rows:
        del row["z"]
    tables["trajectories"] = rows
    tables["components"] = principal_components(np.stack([row["state"] for row in rows]))
    skeleton = flipflop_skeleton(q) if kind == "flipflop" else integrator_skeleton(q)
    skeleton |= attractor_rows(q, skeleton, len(rows[0]["output"]))
    tables |= {name: [{"probe": "zero", **row} for row in part] for name, part in skeleton.items()}
    tables["continua"] = [
        {"probe": probe, "continuum": 0, "kind": "ring", "nature": "attractor"}
        for probe in ("zero", "other")
    ]
    tables["continuum_points"] = [
        {
            "probe": probe,
            "continuum": 0,
            "node": node,
            "condition": a,
            "condition_drift": 0.002 * np.sin(4 * a),
            "readout": [np.cos(a), np.sin(a)],
            "state": q @ np.array([1.1 * np.cos(a), 1.1 * np.sin(a), 0.3 * np.sin(2 * a)]),
        }
        for probe in ("zero", "other")
        for node, a in enumerate(np.linspace(0, 2 * np.pi, 90))
    ]
    tables["branches"], tables["bifurcations"] = fold_rows(q)
    tables["weights"] = weight_rows(q, constraint, rng)
    return tables


@pytest.fixture(scope="session")
def made() -> Callable[[int, str], Tables]:
    """Populations by number of cohorts and kind of task, each made once."""
    cache: dict[tuple[int, str], Tables] = {}

    def make(cohorts: int, kind: str = "flipflop") -> Tables:
        if (cohorts, kind) not in cache:
            cache[cohorts, kind] = population(cohorts, kind)
        return cache[cohorts, kind]

    return make


@pytest.fixture(scope="session")
def options() -> dict[str, FigureOptions]:
    """Options of both kinds of task."""
    return OPTIONS


@pytest.fixture(scope="session")
def studied() -> Callable[..., Tables]:
    """Tables of a study by kind of task and constraints, each made once."""
    return lru_cache(study)
