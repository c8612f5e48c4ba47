"""Means over networks with their standard errors, by cell or another group."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.ticker import MaxNLocator

from rnnpipe.figures import layout, page
from rnnpipe.tables.schemas import NETWORK, UNSTABLE

COLUMNS = ["x", "mean", "sem", "networks"]


def summarise(rows: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """Mean over networks and its standard error, for each combination of ``by``.

    A network with several rows (points, probes, trials) counts by their mean.

    Parameters
    ----------
    rows
        Columns model, constraint, seed, the columns of ``by``, and ``value``.
    by
        Columns whose combinations are averaged, in the order in which they are listed.
    value
        Column averaged.

    Returns
    -------
    Columns of ``by``, mean, sem (NaN for one network), networks.
    """
    columns = [*by, *COLUMNS[1:]]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    each = list(dict.fromkeys([*by, *NETWORK]))
    inner = rows.groupby(each, sort=False, observed=True)[value].mean().dropna()
    grouped = inner.groupby(level=by, sort=False, observed=True)
    table = grouped.agg(mean="mean", sem="sem", networks="size")
    return table.reset_index()[columns]


def panel(
    ax: Axes,
    rows: pd.DataFrame,
    colours: Mapping[str, str],
    group: str = "cell",
    spread: float = 0.0,
    line: str = "-",
) -> Axes:
    """Means joined by lines, error bars of one s.e.m., one colour per group.

    Parameters
    ----------
    ax
        Where to draw.
    rows
        Columns ``group``, x, mean, sem.
    colours
        Colour of each group.
    group
        Column of the groups.
    spread
        Width over which groups at one x are drawn apart.
    line
        Line style; "" for none.
    """
    if rows.empty:
        return layout.empty(ax, "no solved networks")
    for number, (name, colour) in enumerate(colours.items()):
        own = rows[rows[group] == name].sort_values("x", kind="stable")
        ax.errorbar(
            own["x"].to_numpy(float) + spread * ((number + 0.5) / len(colours) - 0.5),
            own["mean"].to_numpy(float),
            yerr=own["sem"].fillna(0).to_numpy(float),
            color=colour,
            ls=line,
            marker="o",
            ms=3,
            mew=0,
            lw=0.9,
            elinewidth=0.8,
        )
    return ax


def census(networks: pd.DataFrame, solved: pd.DataFrame, by: str) -> pd.DataFrame:
    """Mean number of fixed points of solved networks by number of unstable modes (x) and ``by``.

    A network under several probes counts by its mean over them.
    """
    counts = [name for name in UNSTABLE if name in networks]
    rows = networks.merge(solved[NETWORK], on=NETWORK)
    rows = rows.melt(
        list(dict.fromkeys([*NETWORK, by])), counts, var_name="x", value_name="count"
    ).dropna()
    rows["x"] = rows["x"].str.extract(r"(\d+)")[0].astype(int)
    table = summarise(rows, [by, "x"], "count")
    return table[table["x"] <= table.loc[table["mean"] > 0, "x"].max()]


def draw_census(
    block: SubFigure, index: int, rows: pd.DataFrame, colours: Mapping[str, str], by: str = "cell"
) -> None:
    """Draw a block: number of fixed points by number of unstable modes, one line per group."""
    page.title(block, index, "Fixed points")
    ax = panel(block.subplots(), rows, colours, group=by, spread=0.3)
    if len(rows):
        ax.set(xlabel="unstable modes", ylabel="fixed points per network")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        # Slow or marginal regions hold hundreds of points where memories are a few.
        if float(rows["mean"].max()) > 30:
            ax.set_yscale("symlog", linthresh=1)
        ax.set_ylim(bottom=0)
