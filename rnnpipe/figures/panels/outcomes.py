"""The outcome of every network: one point each, side by side by cell and activation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnnpipe.figures import layout, style
from rnnpipe.figures.factors import ACTIVATIONS, CELLS, SHOWN, Looks, ordered
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.scores import limit_handle, score_axis
from rnnpipe.tables.schemas import NETWORK

_WIDTH = 0.8
# Names of more letters than this, all together, are turned.
_MOST_LETTERS = 60


def prepare(networks: pd.DataFrame, values: Sequence[str], by: str = "cell") -> pd.DataFrame:
    """Networks with some of their columns and a place x; one value of ``by`` takes one unit.

    Parameters
    ----------
    networks
        One row per network, with status, cell and activation.
    values
        Columns kept.
    by
        Column of the x axis; activations stand side by side within each of its values.
    """
    keep = list(dict.fromkeys([*NETWORK, *SHOWN, by, "status", *values]))
    frame = networks[keep].reset_index(drop=True)
    centres = {name: i for i, name in enumerate(ordered(frame[by], CELLS))}
    shapes = {name: i for i, name in enumerate(ordered(frame["activation"], ACTIVATIONS))}
    width = _WIDTH / max(len(shapes), 1)
    group = frame.groupby([by, "activation"], sort=False)["seed"]
    share = (group.cumcount() + 0.5) / group.transform("size") - 0.5
    offset = frame["activation"].map(shapes) - (len(shapes) - 1) / 2
    frame["x"] = frame[by].map(centres) + offset * width + 0.75 * width * share
    return frame


def panel(
    ax: Axes, rows: pd.DataFrame, column: str, looks: Looks, by: str = "cell", colour: str = "cell"
) -> Axes:
    """One column of the networks: colour by ``colour``, marker by activation, hollow unless solved.

    Bars are medians over networks of one ``by`` and activation.
    """
    known = rows[np.isfinite(rows[column].astype(float))]
    if known.empty:
        return layout.empty(ax, "no values")
    for (value, activation), own in known.groupby([colour, "activation"], sort=False):
        solved = (own["status"] == "solved").to_numpy()
        tone = looks.colours[value]
        look = {"marker": looks.markers[activation], "s": 9, "zorder": 2}
        style.marks(ax, own["x"], own[column], tone, solved, **look)
    for _, own in known.groupby([by, "activation"], sort=False):
        half = max(0.5 * float(np.ptp(own["x"])), 0.06)
        middle = float(own["x"].mean())
        median = own[column].median()
        ax.hlines(median, middle - half, middle + half, color=style.INK, lw=1.1, zorder=3)
    names = ordered(rows[by], CELLS)
    ax.set_xticks(range(len(names)), names)
    if sum(map(len, names)) > _MOST_LETTERS:
        ax.tick_params(axis="x", labelrotation=90)
    ax.tick_params(axis="x", length=0)
    ax.set_xlim(-0.55, len(names) - 0.45)
    return ax


def scores(ax: Axes, rows: pd.DataFrame, looks: Looks, options: FigureOptions, **by: str) -> Axes:
    """Scores of the networks, and the score from which they count as solved."""
    panel(ax, rows, "score", looks, **by)
    return score_axis(ax, rows["score"], options) if ax.axison else ax


def handles() -> list[Line2D]:
    """Legend entries of these panels."""
    return [
        style.entry("not solved", "o", ms=3.5, mfc="white", mec=style.INK),
        style.entry("median", color=style.INK, lw=1.1),
        limit_handle(),
    ]
