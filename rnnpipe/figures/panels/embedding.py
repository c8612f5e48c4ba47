"""Networks on the plane, placed by multidimensional scaling of their distances."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.ticker import MaxNLocator

from rnnpipe.figures import layout, page, style
from rnnpipe.figures.factors import SHOWN, Looks, scatter
from rnnpipe.tables.schemas import NETWORK

COLUMNS = [*NETWORK, *SHOWN, "metric", "x", "y", "stress"]


def prepare(embedding: pd.DataFrame, networks: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Places of the networks by one metric, with their cell and activation.

    Parameters
    ----------
    embedding
        Columns metric, model, constraint, seed, x, y, stress.
    networks
        One row per network: model, constraint, seed, cell, activation.
    metric
        Name of the distance.
    """
    rows = embedding[embedding["metric"] == metric]
    joined = rows.merge(networks[[*NETWORK, *SHOWN]], on=NETWORK)
    return joined[COLUMNS].dropna(subset=["x", "y"]).reset_index(drop=True)


def described(frame: pd.DataFrame) -> str:
    """What the sections geometry and topology of a figure show, for its caption."""
    first, second = (len(page.section(frame, name)) for name in ("geometry", "topology"))
    others = "" if first == second else f"{second} of them "
    return (
        f"{first} solved networks placed in the plane by their SVCCA distances and {others}by "
        "their distances of fixed-point topology, on the same scale"
    )


def reach(*panels: pd.DataFrame) -> float:
    """Half width of axes that hold every panel's networks, so that all have one scale."""
    places = np.concatenate([panel[["x", "y"]].to_numpy(float) for panel in panels])
    return 1.1 * float(np.abs(places).max(initial=0.0)) or 1.0


def panel(
    ax: Axes,
    rows: pd.DataFrame,
    looks: Looks,
    half: float,
    colour: str = "cell",
) -> Axes:
    """A point per network: colour by ``colour`` (a column), marker by activation.

    Parameters
    ----------
    ax
        Where to draw.
    rows
        Of ``prepare``.
    looks
        Colours of the values of ``colour``, markers of the activations.
    half
        Half width of the axes, of ``reach``.
    colour
        Column that gives the colour.
    """
    if rows.empty:
        return layout.empty(ax, "no solved networks compared", square=True)
    for axis in ("axhline", "axvline"):
        getattr(ax, axis)(0, color=style.PALE, lw=0.5, zorder=0)
    look = {"edgecolors": "white", "linewidths": 0.4, "alpha": 0.9}
    scatter(ax, rows, "x", "y", looks, colour, s=15, **look)
    ax.set(xlim=(-half, half), ylim=(-half, half), xlabel="MDS 1", ylabel="MDS 2")
    ax.set_aspect("equal")
    ax.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
    ax.yaxis.set_major_locator(MaxNLocator(4, symmetric=True))
    stress = float(rows["stress"].iloc[0])
    ax.set_title(f"stress {stress:.2f}", color=style.GREY, loc="right")
    return ax


def draw(
    block: SubFigure,
    index: int,
    text: str,
    rows: pd.DataFrame,
    looks: Looks,
    half: float,
    legend: bool,
) -> None:
    """A block of one panel; with the legend of its cells and activations if wanted."""
    page.title(block, index, text)
    panel(block.subplots(), rows, looks, half)
    if legend and len(rows):
        page.legend(block, looks.handles())
