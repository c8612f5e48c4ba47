"""Populations of a study: cells by activations by seeds, with planted distances between them.

In geometry networks differ by their cell, in fixed-point topology by their activation; all else
is noise. Skeletons are those of ``synthetic_skeletons``; the sine wave has for each probe a fixed
point with an unstable pair at the target frequency and a limit cycle, the context task a line of
five points for each context.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import FIXED, LIMIT_CYCLE
from tests.figures.synthetic_attractors import attractor_rows, census_of
from tests.figures.synthetic_comparisons import comparison_tables
from tests.figures.synthetic_skeletons import (
    UNITS,
    flipflop_skeleton,
    flipflop_trials,
    frame_of_states,
)

CELLS = ("vanilla", "gru", "lstm", "ugrnn")
ACTIVATIONS = ("tanh", "relu")
FREQUENCIES = {f"frequency{j}": 0.1 + 0.5 * j / 50 for j in range(0, 51, 10)}
PROBES = {
    "flipflop": ["zero"],
    "sinewave": list(FREQUENCIES),
    "context": ["context1", "context2"],
}
KEY = ["task", "model", "constraint", "seed"]
LINE = np.linspace(-1, 1, 5)


def principal_components(states: np.ndarray) -> list[dict]:
    mean = states.mean(axis=0)
    _, values, directions = np.linalg.svd(states - mean, full_matrices=False)
    ratio = values**2 / (values**2).sum()
    return [
        {"component": i, "variance": r, "direction": d, "mean": mean}
        for i, (r, d) in enumerate(zip(ratio, directions, strict=True))
    ]


def sinewave_trials(rng: np.random.Generator, trials: int, steps: int) -> list[dict]:
    rows = []
    for trial in range(trials):
        frequency = rng.choice(list(FREQUENCIES.values()))
        for time in range(steps):
            phase = frequency * (time + 1)
            z = np.array([np.cos(phase), np.sin(phase), 3 * frequency])
            rows.append(
                {
                    "trial": trial,
                    "time": time,
                    "z": z,
                    "input": [frequency + 0.25],
                    "output": [z[1] + 0.02 * rng.normal()],
                    "target": [z[1]],
                    "condition": frequency,
                }
            )
    return rows


def context_trials(rng: np.random.Generator, trials: int, steps: int) -> list[dict]:
    rows = []
    for trial in range(trials):
        cued, drift = trial % 2, rng.uniform(-0.5, 0.5, 2)
        evidence = 0.0
        for time in range(steps):
            stream = drift + 0.5 * rng.normal(size=2)
            evidence += 0.08 * stream[cued]
            rows.append(
                {
                    "trial": trial,
                    "time": time,
                    "z": np.array([evidence, cued - 0.5, 0.1 * stream[0]]),
                    "input": [*stream, 1.0 - cued, float(cued)],
                    "output": [evidence + 0.02 * rng.normal()],
                    "target": [evidence],
                    "condition": evidence,
                }
            )
    return rows


def point(
    number: int, q: np.ndarray, z: list[float], readout: list[float], values: np.ndarray
) -> dict:
    """Rows of a fixed point with these eigenvalues, in three tables; modes lie along q."""
    state = q @ np.array(z)
    unstable = int((np.abs(values) > 1).sum())
    leading = values[np.argmax(np.abs(values))]
    fixed = {"point": number, "state": state, "q": 1e-30, "kind": "fixed"}
    stability = {
        "point": number,
        "unstable": unstable,
        "class": f"{unstable}-saddle" if unstable else "stable",
        "spectral_radius": abs(leading),
        "time_constant": -1 / np.log(abs(leading)),
        "frequency": abs(np.angle(leading)) / (2 * np.pi),
    }
    real, imaginary = q[:, 0], q[:, 1]
    modes = [
        {
            "point": number,
            "mode": mode,
            "re": value.real,
            "im": value.imag,
            "right_re": real if abs(value) > 1 else None,
            "right_im": np.sign(value.imag) * imaginary if abs(value) > 1 else None,
        }
        for mode, value in enumerate(values)
    ]
    return {
        "fixed_points": [{**fixed, "hits": 9, "beyond_visited": False, "readout": readout}],
        "stability": [stability],
        "modes": modes,
    }


def sinewave_points(q: np.ndarray, probe: str, rng: np.random.Generator) -> list[dict]:
    frequency = FREQUENCIES[probe]
    angle = frequency + 0.005 * rng.normal()
    pair = 1.03 * np.exp([1j * angle, -1j * angle])
    values = np.concatenate([pair, np.linspace(0.7, 0, UNITS - 2)])
    return [point(0, q, [0, 0, 3 * frequency], [0.0], values)]


def context_points(q: np.ndarray, probe: str, rng: np.random.Generator) -> list[dict]:
    cued = PROBES["context"].index(probe)
    rows = []
    for number, place in enumerate(LINE):
        leading = 0.97 + 0.06 * (number % 2) + 0.005 * rng.normal()
        values = np.append(leading, 0.8 * np.exp(-0.2 * np.arange(UNITS - 1))).astype(complex)
        rows.append(point(number, q, [place, cued - 0.5, 0], [place], values))
    return rows


def skeleton(kind: str, q: np.ndarray, rng: np.random.Generator) -> dict[str, list[dict]]:
    """Tables of the fixed points of one network under all probes of its task."""
    tables = ("fixed_points", "stability", "modes", "edges", "attractors", "curves", "ends")
    found: dict[str, list[dict]] = {name: [] for name in tables}
    make = {"sinewave": sinewave_points, "context": context_points}
    for probe in PROBES[kind]:
        parts = [flipflop_skeleton(q)] if kind == "flipflop" else make[kind](q, probe, rng)
        whole = {name: [row for part in parts for row in part.get(name, [])] for name in tables[:4]}
        turns = [LIMIT_CYCLE] if kind == "sinewave" else []
        steps = 2 * np.pi / FREQUENCIES.get(probe, 1.0)
        whole |= attractor_rows(q, whole, 3 if kind == "flipflop" else 1, turns, steps)
        for name, rows in found.items():
            rows += [{"probe": probe, **row} for row in whole[name]]
    return found


def network_rows(kind: str, factors: dict, seed: int, rng: np.random.Generator) -> list[dict]:
    """A row per probe; vanilla networks of the last seed are not solved."""
    solved = not (seed == 2 and factors["cell"] == "vanilla")
    loss = (1e-3 if solved else 0.1) * np.exp(0.4 * rng.normal())
    counts = {"flipflop": [8, 12, 6, 1], "sinewave": [0, 0, 1, 0], "context": [3, 2, 0, 0]}[kind]
    row = {
        **factors,
        "seed": seed,
        "score": 0.97 + 0.03 * rng.random() if solved else 0.6,
        "solved": solved,
        "stop_reason": "steps",
        "steps": 1000,
        "validation_loss": loss,
        "test_loss": 1.1 * loss,
        "participation_ratio": 2.8,
        "units": 64,
        **census_of([FIXED] * counts[0]),
    }
    extra = rng.integers(0, 2, 4) * (np.array(counts) > 0)
    census = {f"unstable_{k}": float(n) for k, n in enumerate(np.array(counts) + extra)}
    return [{**row, **census, "probe": probe} for probe in PROBES[kind]]


def study(
    kind: str, constraints: tuple[str, ...] = ("free",), seeds: int = 3, trials: int = 4
) -> dict[str, pd.DataFrame]:
    """All tables of a population of four cells and two activations."""
    collected: dict[str, list[pd.DataFrame]] = {}
    make = {"flipflop": flipflop_trials, "sinewave": sinewave_trials, "context": context_trials}
    every = itertools.product(CELLS, ACTIVATIONS, constraints, range(seeds))
    for number, (cell, activation, constraint, seed) in enumerate(every):
        rng = np.random.default_rng(number)
        q = frame_of_states(number)
        key = {"task": "study", "model": f"{cell}-{activation}", "constraint": constraint}
        factors = {"cell": cell, "activation": activation}
        tables = {"networks": network_rows(kind, factors, seed, rng)}
        rows = make[kind](rng, trials, 40)
        tables["trajectories"] = [{**r, "state": q @ r["z"]} for r in rows]
        states = np.stack([row["state"] for row in tables["trajectories"]])
        tables["components"] = principal_components(states)
        tables |= skeleton(kind, q, rng)
        for name, rows in tables.items():
            if rows:
                collected.setdefault(name, []).append(
                    pd.DataFrame(rows).drop(columns="z", errors="ignore").assign(**key, seed=seed)
                )
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in collected.items()}
    curves = ["probe", "attractor", "node", "phase", "time", "state", "readout"]
    if "curves" not in tables:
        tables["curves"] = pd.DataFrame(columns=[*KEY, *curves])
    return tables | comparison_tables(kind, tables["networks"], PROBES[kind])
