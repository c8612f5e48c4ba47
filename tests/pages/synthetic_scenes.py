"""A scene whose points, modes and transitions are known: h' = tanh(2 h) in three coordinates."""

import itertools

import numpy as np
import pandas as pd

from rnnpipe.figures.projection import PLACE, TIP
from rnnpipe.scene.contents import END, Colouring, Scene

Z = 0.9575040240772687  # positive root of tanh(2 z) = z
CUBE = Z * np.array(list(itertools.product([-1.0, 0.0, 1.0], repeat=3)))
UNSTABLE = (CUBE == 0).sum(axis=1)
PROBE = "zero"
ATTRACTOR = ["probe", "point", "kind", "period", "amplitude", "exponents", "dimension"]
ATTRACTOR += ["visited_share", "box_share", "readout", "unstable"]


def cube(colouring: Colouring | None = None, probes: tuple[str, ...] = (PROBE,)) -> Scene:
    """A scene of 27 points under each of some probes, each probe's a little off the last's."""
    tables = [_skeleton(name, 0.05 * i) for i, name in enumerate(probes)]
    joined = {key: pd.concat([t[key] for t in tables], ignore_index=True) for key in tables[0]}
    return Scene(
        task="memory",
        model="tanh3",
        constraint="none",
        seed=3,
        status="solved",
        axes=("PC 1 (40 %)", "PC 2 (30 %)", "PC 3 (30 %)"),
        probes=probes,
        paths=_paths(),
        attractors=pd.DataFrame(columns=[*ATTRACTOR, *PLACE]),
        curves=pd.DataFrame(columns=["probe", "point", "kind", "phase", *PLACE]),
        continua=pd.DataFrame(
            columns=["probe", "continuum", "node", "kind", "nature", "closed", "drift", *PLACE]
        ),
        trial=_trial(),
        colouring=colouring,
        facts={"score": "1.000 (solved from 0.95)", "fixed points": "27 <all>"},
        **joined,
    )


def _paths() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    rows = []
    for trial in range(6):
        z = rng.normal(size=3)
        for time in range(20):
            z = np.tanh(2 * z + 1.5 * rng.choice([-1, 0, 1], 3, p=[0.05, 0.9, 0.05]))
            rows.append((trial, time, 0.3 * time - 3, *z))
    return pd.DataFrame(rows, columns=["trial", "time", "value", *PLACE])


def _skeleton(probe: str, shift: float) -> dict[str, pd.DataFrame]:
    places = CUBE + shift
    points = pd.DataFrame(places, columns=PLACE).assign(
        probe=probe,
        point=range(27),
        kind="fixed",
        period=1,
        unstable=UNSTABLE.astype(float),
        marginal=False,
        hits=20,
        q=1e-30,
        time_constant=1.5,
        frequency=0.0,
        readout=list(places),
    )
    points["class"] = [f"{k}-saddle" if k else "stable" for k in UNSTABLE]
    values = 2 * (1 - CUBE**2)
    spectrum = pd.DataFrame(
        [(probe, p, values[p, i], 0.0) for p in range(27) for i in range(3)],
        columns=["probe", "point", "re", "im"],
    )
    return {
        "points": points,
        "spectrum": spectrum,
        "modes": _modes(probe, places),
        "edges": _edges(probe, places),
        "unstable_manifold_runs": _unstable_manifold_runs(probe, places),
    }


def _modes(probe: str, places: np.ndarray) -> pd.DataFrame:
    rows = [
        (probe, p, float(UNSTABLE[p]), 2.0, 0.0, *places[p], *(0.2 * np.eye(3)[axis]))
        for p in range(27)
        for axis in np.flatnonzero(CUBE[p] == 0)
    ]
    return pd.DataFrame(rows, columns=["probe", "point", "unstable", "re", "im", *PLACE, *TIP])


def _nearest(place: np.ndarray) -> int:
    return int(np.argmin(np.linalg.norm(CUBE - place, axis=1)))


def _edges(probe: str, places: np.ndarray) -> pd.DataFrame:
    rows = []
    for p, place in enumerate(CUBE):
        zeros = np.flatnonzero(place == 0)
        targets = [("noise", "", 0.5 ** len(zeros), s) for s in _signs(place, zeros)]
        for axis, sign in itertools.product(range(3), (-1.0, 1.0)):
            to = place.copy()
            to[axis] = sign * Z
            if axis in zeros:
                targets.append(("unstable manifold", "", 0.5 / len(zeros), to))
            targets.append(("input", f"{'+' if sign > 0 else '-'}bit{axis + 1}", 1.0, to))
        for kind, label, probability, to in targets:
            end = _nearest(to)
            if end == p or (kind == "input" and len(zeros)):
                continue
            ends = (*places[p], *places[end])
            rows.append(
                (probe, p, end, kind, label, probability, 64, 9.0, float(UNSTABLE[p]), *ends)
            )
    names = ["probe", "from", "to", "kind", "input", "probability", "trials", "median_steps"]
    return pd.DataFrame(rows, columns=[*names, "unstable", *PLACE, *END])


def _signs(place: np.ndarray, zeros: np.ndarray) -> list[np.ndarray]:
    ends = []
    for signs in itertools.product((-1.0, 1.0), repeat=len(zeros)):
        to = place.copy()
        to[zeros] = Z * np.array(signs)
        ends.append(to)
    return ends


def _unstable_manifold_runs(probe: str, places: np.ndarray) -> pd.DataFrame:
    rows = []
    for p, place in enumerate(CUBE):
        runs = itertools.product(np.flatnonzero(place == 0), (-1, 1))
        for run, (axis, sign) in enumerate(runs):
            z = place.copy()
            z[axis] = 0.05 * sign
            for step in range(12):
                shifted = z + places[p] - place
                rows.append((probe, p, float(UNSTABLE[p]), run, step, *shifted))
                z = np.tanh(2 * z)
    return pd.DataFrame(rows, columns=["probe", "point", "unstable", "run", "step", *PLACE])


def _trial() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    memory, rows = np.ones(3), []
    for time in range(30):
        pulse = rng.choice([-1.0, 0.0, 1.0], 3, p=[0.1, 0.8, 0.1])
        memory = np.where(pulse != 0, pulse, memory)
        for channel in range(3):
            for layer, value in (("input", pulse), ("target", memory), ("output", 0.95 * memory)):
                rows.append((0, layer, time, channel, value[channel]))
    return pd.DataFrame(rows, columns=["trial", "layer", "time", "channel", "value"])
