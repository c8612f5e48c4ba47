"""Markers of bifurcations: where branches turn or cross, or change their stability."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnnpipe.figures import style

# Marker, face and edge of each kind.
MARKERS: Mapping[str, tuple[str, str, str]] = {
    "fold": ("o", "white", style.INK),
    "branch point": ("s", "white", style.INK),
    "flip": ("^", style.CATEGORIES[1], "white"),
    "neimark-sacker": ("D", style.CATEGORIES[3], "white"),
}
NAMES: Mapping[str, str] = {
    "fold": "fold",
    "branch point": "branch point",
    "flip": "period doubling",
    "neimark-sacker": "Neimark–Sacker",
}


def scatter(ax: Axes, events: pd.DataFrame, x: str, y: str, size: float) -> None:
    """Draw the events whose column ``event`` names a bifurcation, at two of their columns."""
    for kind, (marker, face, edge) in MARKERS.items():
        own = events[events["event"] == kind]
        if len(own):
            look = {"c": face, "edgecolors": edge, "linewidths": 0.7, "zorder": 5}
            ax.scatter(own[x], own[y], s=size, marker=marker, **look)


def handles(kinds: Collection[object]) -> list[Line2D]:
    """Legend entries of the bifurcations that occur."""
    present = set(kinds)
    return [
        style.entry(NAMES[kind], marker, ms=3.8, mfc=face, mec=edge, mew=0.7)
        for kind, (marker, face, edge) in MARKERS.items()
        if kind in present
    ]
