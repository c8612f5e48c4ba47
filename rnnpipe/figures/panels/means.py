"""Means over networks with their standard errors, by cell."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.figures import layout
from rnnpipe.figures.selection import NETWORK

COLUMNS = ["x", "mean", "sem", "networks"]


def summarise(rows: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """Mean over networks and its standard error, for each combination of ``by``.

    A network with several rows (points, probes, trials) counts by their mean.

    Parameters
    ----------
    rows
        Columns model, constraint, seed, those of ``by``, and ``value``.
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
