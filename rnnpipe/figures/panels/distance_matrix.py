"""Distances between all networks as a matrix, sorted by cell and activation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from rnnpipe.figures import layout, style
from rnnpipe.figures.factors import SHOWN
from rnnpipe.figures.selection import sorted_networks
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK

COLUMNS = ["layer", *NETWORK, *SHOWN, "row", "column", "distance", "place"]
# As many networks as the printed matrix has room for; the table has a row for every pair.
MOST = 300
# Groups of a smaller share of the networks have no room for their names below the matrix.
LEAST_SHARE = 0.045


def prepare(distances: pd.DataFrame, networks: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Gather the networks in their order (layer ``network``), then every pair's distance.

    Of more than `MOST` networks only so many are kept, evenly chosen in this order, in which
    ``place`` counts all.

    Parameters
    ----------
    distances
        Columns metric, model, constraint, seed, distances: to the networks of this metric's
        rows, in their order.
    networks
        The networks compared, one row each: model, constraint, seed, cell, activation.
    metric
        Name of the distance.
    """
    rows = distances[distances["metric"] == metric].reset_index(drop=True)
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    named = rows[NETWORK].assign(column=np.arange(len(rows)))
    named = sorted_networks(named.merge(networks[[*NETWORK, *SHOWN]], on=NETWORK))
    named = named.assign(place=np.arange(len(named)))
    if len(named) > MOST:
        named = named.iloc[np.linspace(0, len(named) - 1, MOST).round().astype(int)]
        named = named.reset_index(drop=True)
    order = named["column"].to_numpy(int)
    values = matrix(rows["distances"])[np.ix_(order, order)]
    row, column = np.indices(values.shape)
    pairs = pd.DataFrame(
        {"row": row.ravel(), "column": column.ravel(), "distance": values.ravel()}
    ).assign(layer="distance")
    named = named.drop(columns="column").assign(row=np.arange(len(named)), layer="network")
    return pd.concat([named, pairs], ignore_index=True).reindex(columns=COLUMNS)


def described(rows: pd.DataFrame) -> str:
    """Which networks the matrix shows, in the order of its rows, for the caption."""
    names = rows[rows["layer"] == "network"]
    drawn, compared = len(names), 0 if names.empty else int(names["place"].max()) + 1
    chosen = ""
    if drawn < compared:
        chosen = f"{drawn}, chosen evenly from first to last in the order of the rows, of "
    return (
        f"{chosen}{compared} solved networks, sorted by cell, activation, model, constraint, seed"
    )


def groups(networks: pd.DataFrame, columns: list[str]) -> list[tuple[str, int, int]]:
    """Runs of networks with equal columns: name (the last column), first and last row."""
    runs = (networks[columns] != networks[columns].shift()).any(axis=1).cumsum()
    return [
        (str(run[columns[-1]].iloc[0]), int(run["row"].min()), int(run["row"].max()))
        for _, run in networks.groupby(runs.to_numpy())
    ]


def panel(ax: Axes, rows: pd.DataFrame) -> AxesImage | None:
    """Heat map with brackets: cells at the left, activations below; None without networks."""
    names = rows[rows["layer"] == "network"].sort_values("row")
    if names.empty:
        layout.empty(ax, "no solved networks compared", square=True)
        return None
    pairs = rows[rows["layer"] == "distance"]
    values = pairs.pivot(index="row", columns="column", values="distance").to_numpy(float)
    image = ax.imshow(values, cmap=style.SEQUENTIAL, interpolation="nearest", vmin=0)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    cells = groups(names, ["cell"])
    _brackets(ax, cells, "y")
    for _, first, _ in cells[1:]:
        ax.axhline(first - 0.5, color="white", lw=0.8)
        ax.axvline(first - 0.5, color="white", lw=0.8)
    activations = groups(names, SHOWN)
    if min(last - first + 1 for _, first, last in activations) >= LEAST_SHARE * len(names):
        _brackets(ax, activations, "x")
    return image


def _brackets(ax: Axes, runs: list[tuple[str, int, int]], axis: str) -> None:
    """Bars along the matrix's edge, a name at the middle of each."""
    along_y = axis == "y"
    transform = ax.get_yaxis_transform() if along_y else ax.get_xaxis_transform()
    for _, first, last in runs:
        span, edge = [first - 0.2, last + 0.2], [-0.025, -0.025]
        ax.plot(
            *((edge, span) if along_y else (span, edge)),
            transform=transform,
            color=style.INK,
            lw=1.0,
            clip_on=False,
            solid_capstyle="butt",
        )
    middles, names = zip(*[((a + b) / 2, name) for name, a, b in runs], strict=True)
    getattr(ax, f"set_{axis}ticks")(middles, names)
    ax.tick_params(axis=axis, length=0, pad=6)
    if not along_y:
        ax.tick_params(axis="x", labelrotation=90)
