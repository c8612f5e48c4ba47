"""Slow curves and surfaces: attractors as solid lines, those that are none apart and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnnpipe.dynamics.classes import ATTRACTOR, LEAK, MARGINAL_CLASS, REPELLING
from rnnpipe.figures import style
from rnnpipe.figures.panels.attractors import listed

_LOOK = {"color": style.INK, "lw": 0.9}
_OTHER = {"color": style.GREY, "lw": 0.9, "ls": style.DASHED}
_DOTS = {"ls": "", "marker": "o", "ms": 1.6, "mew": 0}
_FAULTS = {
    REPELLING: "repelling, since a mode across grows",
    MARGINAL_CLASS: "marginal, since a mode across neither grows nor decays",
    LEAK: "leaking, since the drift crosses within few trials",
}


def draw(ax: Axes, rows: pd.DataFrame, columns: Sequence[str]) -> None:
    """Draw the nodes of continua, in order: columns continuum, curve (its kind), nature, …"""
    for _, nodes in rows.groupby("continuum"):
        kind, nature = nodes["curve"].iloc[0], nodes["nature"].iloc[0]
        look = _LOOK if nature == ATTRACTOR else _OTHER
        closed = pd.concat([nodes, nodes.head(1)]) if kind == "ring" else nodes
        if kind == "surface":
            look = {**_DOTS, "color": look["color"]}
        ax.plot(*[closed[c] for c in columns], zorder=3, **look)


def handles(rows: pd.DataFrame) -> list[Line2D]:
    """Legend entries for what occurs."""
    attracting = rows["nature"] == ATTRACTOR
    entries = []
    if attracting.any():
        kinds = listed(sorted(set(rows.loc[attracting, "curve"])))
        entries.append(style.entry(f"{kinds} attractor", **_LOOK))
    if (~attracting).any():
        entries.append(style.entry("slow, but no attractor", **_OTHER))
    return entries


def no_attractors(natures: Iterable[str]) -> str:
    """Say of slow curves that are no attractors how many there are, and why; else empty."""
    counts = Counter(nature for nature in natures if nature != ATTRACTOR)
    return "; ".join(f"{number} {_FAULTS[nature]}" for nature, number in sorted(counts.items()))
