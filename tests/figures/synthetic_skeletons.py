"""Synthetic populations whose fixed points, modes and transitions are known exactly.

The flip-flop is the analytic map z' = tanh(2 z) in three coordinates, carried into 16 units by an
orthonormal frame Q: 27 fixed points {-z*, 0, z*}^3, eigenvalues 2 (1 - z^2) along the columns of
Q. The integrator is a circle in two of the coordinates.
"""

from __future__ import annotations

import itertools

import numpy as np

UNITS = 16
Z = 0.9575040240772687  # positive root of tanh(2 z) = z


def frame_of_states(seed: int) -> np.ndarray:
    """Orthonormal frame (unit, 3) of one network."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(UNITS, 3)))[0]


def flipflop_points(q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates (27, 3) and states (27, unit) of the fixed points."""
    z = Z * np.array(list(itertools.product([-1.0, 0.0, 1.0], repeat=3)))
    return z, z @ q.T


def flipflop_trials(rng: np.random.Generator, trials: int, steps: int) -> list[dict]:
    rows = []
    for trial in range(trials):
        z, memory = np.zeros(3), np.zeros(3)
        for time in range(steps):
            pulse = rng.choice([-1, 0, 1], size=3, p=[0.08, 0.84, 0.08]).astype(float)
            pulse = rng.choice([-1.0, 1.0], size=3) if time == 0 else pulse
            memory = np.where(pulse != 0, pulse, memory)
            z = np.tanh(2 * z + 3.0 * pulse)
            state = (memory > 0) @ [4, 2, 1]
            rows.append(
                {
                    "trial": trial,
                    "time": time,
                    "z": z,
                    "input": pulse,
                    "output": z / Z,
                    "target": memory,
                    "condition": float(state),
                }
            )
    return rows


def integrator_trials(rng: np.random.Generator, trials: int, steps: int) -> list[dict]:
    rows = []
    for trial in range(trials):
        heading, speed = rng.uniform(-np.pi, np.pi), 0.2
        for time in range(steps):
            speed = rng.choice([-0.3, -0.1, 0.1, 0.3]) if rng.random() < 0.1 else speed
            heading += speed
            here = np.array([np.cos(heading), np.sin(heading)])
            z = np.append(1.1 * here, 0.3 * np.sin(2 * heading) + 0.1 * speed)
            rows.append(
                {
                    "trial": trial,
                    "time": time,
                    "z": z,
                    "input": [speed],
                    "output": here + rng.normal(0, 0.02, 2),
                    "target": here,
                    "condition": heading,
                }
            )
    return rows


def flipflop_skeleton(q: np.ndarray) -> dict[str, list[dict]]:
    z, states = flipflop_points(q)
    found: dict[str, list[dict]] = {"fixed_points": [], "stability": [], "modes": [], "edges": []}
    for point, (place, state) in enumerate(zip(z, states, strict=True)):
        zeros = np.flatnonzero(place == 0)
        values = np.zeros(UNITS)
        values[:3] = 2 * (1 - place**2)
        found["fixed_points"].append(
            {
                "point": point,
                "state": state,
                "q": 1e-30,
                "kind": "fixed",
                "hits": 20,
                "beyond_visited": False,
                "readout": place / Z,
            }
        )
        found["stability"].append(
            {
                "point": point,
                "unstable": len(zeros),
                "index": (-1) ** len(zeros),
                "class": f"{len(zeros)}-saddle" if len(zeros) else "stable",
                "spectral_radius": values.max(),
                "time_constant": 1.0,
                "frequency": 0.0,
            }
        )
        for mode, value in enumerate(values):
            vector = q[:, mode] if value > 1 else None
            zero = np.zeros(UNITS) if value > 1 else None
            found["modes"].append(
                {
                    "point": point,
                    "mode": mode,
                    "re": value,
                    "im": 0.0,
                    "right_re": vector,
                    "right_im": zero,
                    "left_re": vector,
                    "left_im": zero,
                }
            )
        found["edges"] += flipflop_edges(point, place, zeros, z)
    return found


def flipflop_edges(point: int, place: np.ndarray, zeros: np.ndarray, z: np.ndarray) -> list[dict]:
    def edge(to: np.ndarray, kind: str, label: str, probability: float) -> dict:
        index = int(np.argmin(np.linalg.norm(z - to, axis=1)))
        return {
            "from": point,
            "to": index,
            "kind": kind,
            "input": label,
            "probability": probability,
            "trials": round(64 * probability),
            "median_steps": 12.0,
        }

    rows = []
    for signs in itertools.product([-1, 1], repeat=len(zeros)):
        to = place.copy()
        to[zeros] = Z * np.array(signs)
        rows.append(edge(to, "noise", "", 0.5 ** len(zeros)))
    for axis, sign in itertools.product(zeros, [-1, 1]):
        to = place.copy()
        to[axis] = Z * sign
        rows.append(edge(to, "unstable manifold", "", 0.5 / len(zeros)))
    for axis, sign in itertools.product(range(3), [-1, 1]):
        to = np.where(place == 0, Z, place)
        to[axis] = Z * sign
        rows.append(edge(to, "input", f"bit {axis + 1} {'+' if sign > 0 else '-'}", 1.0))
    if point == 0:
        rows.append(
            {
                "from": 0,
                "to": -1,
                "kind": "noise",
                "input": "",
                "probability": 0.1,
                "trials": 7,
                "median_steps": np.nan,
            }
        )
    return rows


def integrator_skeleton(q: np.ndarray) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {"fixed_points": [], "stability": [], "modes": [], "edges": []}
    for point, angle in enumerate(np.linspace(0, 2 * np.pi, 8, endpoint=False)):
        here = np.array([np.cos(angle), np.sin(angle)])
        state = q @ np.append(1.1 * here, 0.3 * np.sin(2 * angle))
        kind, unstable = ("slow" if point == 7 else "fixed"), point % 2
        tangent = q[:, :2] @ np.array([-here[1], here[0]])
        found["fixed_points"].append(
            {
                "point": point,
                "state": state,
                "q": 1e-26,
                "kind": kind,
                "hits": 9,
                "beyond_visited": False,
                "readout": here,
            }
        )
        marginal = point == 4
        found["stability"].append(
            {
                "point": point,
                "unstable": unstable,
                "index": 1 - 2 * unstable,
                "class": "marginal" if marginal else ["stable", "1-saddle"][unstable],
                "spectral_radius": 1.0,
                "time_constant": 300.0,
                "frequency": 0.0,
            }
        )
        values = np.concatenate(
            [
                [0.995 + 0.01 * unstable],
                0.8 * np.exp(1j * np.array([0.4, -0.4])),
                np.linspace(0.6, 0.0, UNITS - 3),
            ]
        )
        for mode, value in enumerate(values):
            kept = abs(value) > 1
            found["modes"].append(
                {
                    "point": point,
                    "mode": mode,
                    "re": value.real,
                    "im": value.imag,
                    "right_re": tangent if kept else None,
                    "left_re": tangent if kept else None,
                    "right_im": 0 * tangent if kept else None,
                    "left_im": 0 * tangent if kept else None,
                }
            )
        for step in (-1, 1) if unstable else (0,):
            found["edges"].append(
                {
                    "from": point,
                    "to": (point + step) % 8,
                    "kind": "noise",
                    "input": "",
                    "probability": 0.5 if unstable else 1.0,
                    "trials": 32,
                    "median_steps": 40.0,
                }
            )
        if not unstable:
            found["edges"].append(
                {
                    "from": point,
                    "to": (point + 2) % 8,
                    "kind": "input",
                    "input": "+0.3",
                    "probability": 0.9,
                    "trials": 58,
                    "median_steps": 3.0,
                }
            )
    return found
