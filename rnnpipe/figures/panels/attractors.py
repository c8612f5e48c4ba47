"""Attractors beside the known points: closed curves with their direction, clouds of states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from mpl_toolkits.mplot3d.art3d import Line3DCollection, Poly3DCollection

from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, FIXED, KINDS, LIMIT_CYCLE, SLOW, TORUS
from rnnpipe.figures import style
from rnnpipe.figures.selection import rows_of
from rnnpipe.tables.schemas import NETWORK

# All kinds but points, in the order of legends and captions.
MOVING = tuple(kind for kind in KINDS if kind != FIXED)
# Drawn state by state; all others are closed curves.
CLOUDS = (FIXED, TORUS, CHAOTIC, SLOW)
# Columns of a state of an attractor beside those of its network; point is its node's number.
COLUMNS = ["point", "kind", "period", "phase", "time"]
# For the captions of figures and scenes that draw some.
HOW = {
    FIXED: "dots",
    CYCLE: "squares joined in turn",
    LIMIT_CYCLE: "closed curves",
    TORUS: "clouds of states",
    CHAOTIC: "clouds of states",
    SLOW: "dots where their runs were left",
}
# A point that runs alone found, and no search, is no fixed point of the tables.
LABELS = {FIXED: "stable point met by runs alone", CHAOTIC: "chaotic set", SLOW: "slow drift"}
_PLURAL = {
    FIXED: "stable points met by runs alone",
    TORUS: "tori",
    CHAOTIC: "chaotic sets",
    SLOW: "slow drifts",
}
_LENGTH = {CYCLE: "steps", LIMIT_CYCLE: "steps a turn"}
# Arrowheads on a curve, and their length as a share of the curve and, at most, of the panel.
_HEADS, _OF_CURVE, _OF_PANEL = 3, 0.25, 0.05
# Squares of cycles of more states are smaller.
FEW = 16


def moving(
    tables: Mapping[str, pd.DataFrame], networks: pd.DataFrame, probe: str | None = None
) -> pd.DataFrame:
    """Gather the states of all attractors of some networks beside their points, in order.

    Parameters
    ----------
    tables
        With ``attractors`` and ``curves``.
    networks
        Networks wanted (NETWORK columns).
    probe
        Name of the probe input; all by default.

    Returns
    -------
    DataFrame with columns model, constraint, seed, probe, COLUMNS, state and readout; point is the
    number of the attractor's node.
    """
    key = [*NETWORK, "probe", "attractor"]
    named = tables["attractors"][[*key, "kind", "period"]]
    rows = rows_of(tables["curves"], networks).merge(named, on=key)
    if probe is not None:
        rows = rows[rows["probe"] == probe]
    rows = rows.assign(place=rows.groupby(key, sort=False).ngroup())
    rows = rows.rename(columns={"node": "point"}).sort_values(["place", "phase"], kind="stable")
    return rows[[*NETWORK, "probe", *COLUMNS, "state", "readout"]].reset_index(drop=True)


def closed(places: np.ndarray) -> np.ndarray:
    """Repeat the first of the places (phase, dimension) of a closed curve as its last."""
    return places[[*range(len(places)), 0]]


def heads(path: np.ndarray, extent: float) -> np.ndarray:
    """Arrowheads along a polyline, evenly spaced.

    Parameters
    ----------
    path
        (step, dimension).
    extent
        Widest range of what is drawn.

    Returns
    -------
    Triangles (head, 3, dimension): the tip, then both ends of the base. They lie in the plane of
    the direction there and of the curve's middle.
    """
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    length = steps.sum()
    if len(path) < 2 or length == 0:
        return np.empty((0, 3, path.shape[1]))
    way = np.concatenate([[0.0], np.cumsum(steps)])
    size = min(_OF_CURVE * np.ptp(path, axis=0).max(), _OF_PANEL * extent)
    number = min(_HEADS, len(path) - 1)
    tips = _along(path, way, (np.arange(number) + 0.5) / number * length + size / 2)
    back = _along(path, way, (np.arange(number) + 0.5) / number * length - size / 2)
    forth = tips - back
    forth /= np.maximum(np.linalg.norm(forth, axis=1, keepdims=True), np.finfo(float).tiny)
    across = path.mean(axis=0) - tips
    across -= (across * forth).sum(axis=1, keepdims=True) * forth
    across = np.where(np.linalg.norm(across, axis=1, keepdims=True) > 0, across, _beside(forth))
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    base, half = tips - size * forth, 0.45 * size * across
    return np.stack([tips, base + half, base - half], axis=1)


def _along(path: np.ndarray, way: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Points (place, dimension) of a polyline at some ways from its start."""
    return np.stack([np.interp(places, way, values) for values in path.T], axis=1)


def _beside(directions: np.ndarray) -> np.ndarray:
    """Some vectors, each at a right angle to a direction, (direction, dimension)."""
    axis = np.eye(directions.shape[1])[np.abs(directions).argmin(axis=1)]
    return axis - (axis * directions).sum(axis=1, keepdims=True) * directions


def draw(
    ax: Axes,
    rows: pd.DataFrame,
    columns: Sequence[str],
    extent: float,
    size: float = 12.0,
    colours: Mapping[object, object] | None = None,
    keys: Sequence[str] = ("point",),
) -> Axes:
    """Draw attractors: curves with arrowheads, states of cycles as squares, clouds of dots.

    Parameters
    ----------
    ax
        With as many dimensions as there are columns.
    rows
        States of attractors, in order: kind, phase, and `columns`.
    columns
        Where they lie.
    extent
        Widest range of what is drawn.
    size
        Of the markers of cycles.
    colours
        Colours by `keys`; of the kinds by default.
    keys
        Columns that tell attractors apart.
    """
    deep = len(columns) == 3
    lines, triangles = (
        (Line3DCollection, Poly3DCollection) if deep else (LineCollection, PolyCollection)
    )
    depth = {"depthshade": False} if deep else {}
    for name, own in rows.groupby(list(keys), sort=False):
        kind = str(own["kind"].iloc[0])
        colour = colours[name] if colours else style.KIND_COLOURS[kind]
        places = own[list(columns)].to_numpy(float)
        if kind in CLOUDS:
            dot = size if kind == FIXED else 0.25 * size
            look = {"s": dot, "c": [colour], "linewidths": 0, "zorder": 4}
            ax.scatter(*places.T, **look, rasterized=True, **depth)
            continue
        path = closed(places)
        ax.add_collection(
            lines([path], colors=[colour], lw=0.8 if kind == CYCLE else 1.3, zorder=4)
        )
        if len(arrows := heads(path, extent)):
            ax.add_collection(triangles(arrows, facecolors=[colour], lw=0, zorder=4.5))
        if kind == CYCLE:
            look = {"marker": "s", "c": [colour], "edgecolors": "white", "linewidths": 0.4}
            fitting = size * min(1.0, FEW / len(places))
            ax.scatter(*places.T, s=fitting, zorder=5, **look, **depth)
    return ax


def nodes(ax: Axes, rows: pd.DataFrame, columns: Sequence[str], size: float = 22.0) -> Axes:
    """Mark attractors as nodes of a graph, each kind with a shape and colour of its own."""
    for kind, own in rows.groupby("kind"):
        ax.scatter(
            *own[list(columns)].to_numpy(float).T,
            s=1.6 * size,
            marker=style.KIND_MARKERS[str(kind)],
            c=style.KIND_COLOURS[str(kind)],
            edgecolors="white",
            linewidths=0.4,
            zorder=6,
        )
    return ax


def handles(rows: pd.DataFrame, marked: bool = False) -> list[Line2D]:
    """Legend entries for the kinds that occur; as nodes where they are marked as such."""
    entries = []
    for kind in (kind for kind in KINDS if (rows["kind"] == kind).any()):
        colour, name = style.KIND_COLOURS[kind], LABELS.get(kind, kind)
        if marked:
            entries.append(style.entry(name, style.KIND_MARKERS[kind], color=colour))
        elif kind in CLOUDS:
            entries.append(style.entry(name, ".", color=colour))
        elif kind == CYCLE:
            look = {"ms": 3.5, "ls": "-", "lw": 0.8, "color": colour}
            entries.append(style.entry(name, "s", **look))
        else:
            entries.append(style.entry(name, color=colour, lw=1.3))
    return entries


def counted(kinds: Sequence[str], periods: Sequence[float]) -> str:
    """Count attractors by their kind, with the range of their periods.

    As in "2 limit cycles of 31 to 62 steps a turn and 1 torus"; empty where there is none.

    Parameters
    ----------
    kinds, periods
        (attractor,).
    """
    kinds, periods = np.asarray(kinds, dtype=object), np.asarray(periods, dtype=float)
    parts = []
    for kind in KINDS:
        own = periods[kinds == kind]
        if len(own):
            parts.append(named(kind, len(own), own))
    return listed(parts)


def listed(words: Sequence[str]) -> str:
    """Join words by commas and an "and"."""
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + "".join(words[-1:])


def named(kind: str, number: int, periods: Sequence[float] = ()) -> str:
    """Name so many attractors of a kind, with the range of their periods where these are given."""
    name = LABELS.get(kind, kind) if number == 1 else _PLURAL.get(kind, f"{kind}s")
    if kind not in _LENGTH or not len(periods):
        return f"{number} {name}"
    ends = dict.fromkeys(f"{period:.3g}" for period in (min(periods), max(periods)))
    return f"{number} {name} of {' to '.join(ends)} {_LENGTH[kind]}"


def described(rows: pd.DataFrame, keys: Sequence[str] = (*NETWORK, "point")) -> str:
    """Say in a sentence which attractors are drawn beside the points, and how; else empty."""
    once = rows.drop_duplicates(list(keys))
    if once.empty:
        return ""
    kinds = [kind for kind in KINDS if (once["kind"] == kind).any()]
    ways = listed(list(dict.fromkeys(HOW[kind] for kind in kinds)))
    arrows = "; arrowheads show the direction" if set(kinds) - set(CLOUDS) else ""
    found = counted(once["kind"].tolist(), once["period"].tolist())
    return f" Attractors beside the points: {found}, drawn as {ways}{arrows}."
