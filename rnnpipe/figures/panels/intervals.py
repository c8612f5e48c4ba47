"""Estimates with intervals, one row each: filled where significant, hollow where not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnnpipe.figures import style

LIMIT = 0.05
COLUMNS = ["row", "group", "estimate", "low", "high", "p_adjusted"]
_SPREAD = 0.7


def panel(
    ax: Axes,
    rows: pd.DataFrame,
    names: Sequence[str],
    colours: Mapping[str, str],
    markers: Mapping[str, str] | None = None,
) -> Axes:
    """Estimates along x with their intervals, groups apart within each row.

    Estimates that are not finite stand in words at the bottom of their row.

    Parameters
    ----------
    ax
        Where to draw.
    rows
        Columns row (number, from the top), group, estimate, low, high, p_adjusted; with NaN for
        p_adjusted the mark is filled.
    names
        Names of the rows, top to bottom.
    colours
        Colour of each group, in the order from the top.
    markers
        Marker of each group; None: circles.
    """
    groups = list(colours)
    shift = {group: _SPREAD * ((i + 0.5) / len(groups) - 0.5) for i, group in enumerate(groups)}
    for edge in range(1, len(names)):
        ax.axhline(edge - 0.5, color=style.PALE, lw=0.4, zorder=0)
    for group, own in unplaced(ax, rows).groupby("group", sort=False):
        y = own["row"].to_numpy(float) + shift[str(group)]
        colour = colours[str(group)]
        ax.hlines(y, own["low"], own["high"], color=colour, lw=0.9, zorder=2)
        filled = ~(own["p_adjusted"].to_numpy(float) >= LIMIT)
        look = {"s": 13 if len(groups) < 4 else 9, "linewidths": 0.8}
        marker = (markers or {}).get(str(group), "o")
        style.marks(ax, own["estimate"], y, colour, filled, marker=marker, **look)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    return ax


def unplaced(
    ax: Axes, rows: pd.DataFrame, value: str = "estimate", group: str = "group"
) -> pd.DataFrame:
    """Say in each row which values are not finite, and give the others."""
    values = rows[value].astype(float)
    wrong = rows.assign(word=values.map({np.inf: "infinite", -np.inf: "minus infinite"}))
    wrong = wrong[~np.isfinite(values)].fillna({"word": "undefined"})
    for row, own in wrong.groupby("row"):
        counts = own.groupby([group, "word"], sort=False).size()
        text = "; ".join(
            f"{name} {word}{f' ({count} models)' if count > 1 else ''}"
            for (name, word), count in counts.items()
        )
        ax.text(
            0.015,
            row + 0.46,
            text,
            transform=ax.get_yaxis_transform(),
            va="bottom",
            bbox={"color": "white", "alpha": 0.8, "pad": 0.4},
            zorder=4,
        )
    return rows[np.isfinite(values)]


def handles(colours: Mapping[str, str], rows: pd.DataFrame) -> list[Line2D]:
    """Legend entries: the groups, and what hollow means where a mark is hollow."""
    entries = [
        style.entry(name.replace("_", " "), "o", color=colour) for name, colour in colours.items()
    ]
    if len(rows) and (rows["p_adjusted"].astype(float) >= LIMIT).any():
        label = f"p ≥ {LIMIT:g} (adjusted)"
        entries.append(style.entry(label, "o", mfc="white", mec=style.INK))
    return entries
