"""Mantel correlations between distances, as a matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from rnnpipe.figures import layout, metrics, style
from rnnpipe.figures.panels.intervals import LIMIT

COLUMNS = ["first", "second", "r", "p_adjusted"]


def prepare(mantel: pd.DataFrame) -> pd.DataFrame:
    """Pairs of metrics with their correlation and its adjusted p."""
    return mantel[COLUMNS].dropna(subset="r").reset_index(drop=True)


def panel(ax: Axes, rows: pd.DataFrame) -> AxesImage | None:
    """Heat map of r below the diagonal; a cross where it is not significant."""
    if rows.empty:
        layout.empty(ax, "no correlations between distances")
        return None
    names = metrics.order([*rows["first"], *rows["second"]])
    place = {name: i for i, name in enumerate(names)}
    values = np.full((len(names), len(names)), np.nan)
    crosses = []
    for pair in rows.itertuples(index=False):
        column, row = sorted((place[pair.first], place[pair.second]))
        values[row, column] = pair.r
        if pair.p_adjusted >= LIMIT:
            crosses.append((column, row))
    image = ax.imshow(values[1:, :-1], cmap=style.DIVERGING, vmin=-1, vmax=1)
    for column, row in crosses:
        ax.plot(column, row - 1, marker="x", ms=3, mew=0.7, color=style.INK)
    ax.spines[:].set_visible(False)
    ax.set_yticks(range(len(names) - 1), [metrics.label(name) for name in names[1:]])
    ax.set_xticks(range(len(names) - 1), [metrics.label(name) for name in names[:-1]])
    ax.tick_params(length=0)
    ax.tick_params(axis="x", labelrotation=90)
    return image
