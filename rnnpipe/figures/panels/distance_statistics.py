"""Statistics of distances: what explains them, how alike cohorts are, how distances agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from rnnpipe.figures import layout, style
from rnnpipe.figures.factors import metric_name, metrics_in_order, ordered
from rnnpipe.figures.panels import intervals
from rnnpipe.tables.schemas import FACTORS

# The commonest stand first.
ORDER = tuple(dict.fromkeys(("cell", "activation", "constraint", *FACTORS)))
# Other colours than the commonest cells have, which stand beside them.
_COLOURS = (style.INK, "#D55E00", "#56B4E9", style.GREY, *style.CATEGORIES[:4])
COLUMNS = ["metric", *intervals.COLUMNS]
CONFOUNDED = "confounded_with"
PAIRS = ["first", "second", "r", "p_adjusted"]


def explained(statistics: pd.DataFrame, factor: str | None = None) -> pd.DataFrame:
    """ω² of each factor given the others with its interval, one row per metric and factor.

    A factor that cannot be told from others has no estimate, and is named with them.

    Parameters
    ----------
    statistics
        Columns metric, factor, confounded_with, omega2, omega2_low, omega2_high, p_adjusted.
    factor
        The only factor kept; None: all.
    """
    rows = statistics if factor is None else statistics[statistics["factor"] == factor]
    names = {"omega2": "estimate", "omega2_low": "low", "omega2_high": "high", "factor": "group"}
    return _placed(rows.rename(columns=names), [*COLUMNS, CONFOUNDED])


def ratio(statistics: pd.DataFrame) -> pd.DataFrame:
    """Mean distance within groups over the mean between groups, for the first rows' factor.

    It has no interval; ``p_adjusted`` is left out, since it tests the variance.
    """
    if statistics.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = statistics[statistics["factor"] == statistics["factor"].iloc[0]]
    rows = rows.rename(columns={"ratio": "estimate", "factor": "group"})
    return _placed(rows.assign(low=np.nan, high=np.nan, p_adjusted=np.nan))


def _placed(rows: pd.DataFrame, columns: list[str] = COLUMNS) -> pd.DataFrame:
    places = {metric: i for i, metric in enumerate(metrics_in_order(rows["metric"]))}
    return rows.assign(row=rows["metric"].map(places))[columns].reset_index(drop=True)


def told_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `explained` of factors that can be told from the others."""
    return rows[rows[CONFOUNDED].fillna("") == ""]


def confounded(rows: pd.DataFrame) -> str:
    """Sentence on the factors of `explained` that cannot be told from others, or nothing."""
    sets: list[set[str]] = []
    for row in rows[rows[CONFOUNDED].fillna("") != ""].drop_duplicates("group").itertuples():
        names = {row.group, *row.confounded_with.split(", ")}
        for other in [known for known in sets if known & names]:
            names |= other
            sets.remove(other)
        sets.append(names)
    together = (", ".join(ordered(pd.Series(sorted(names)), ORDER)) for names in sets)
    return "; ".join(f"not told apart: {names.replace('_', ' ')}" for names in together)


def colours(rows: pd.DataFrame) -> dict[str, str]:
    """A colour for each factor that occurs."""
    names = ordered(rows["group"], ORDER)
    return {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(names)}


def explained_panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """ω² of each factor (colour) for each distance (row)."""
    if rows.empty:
        return layout.empty(ax, "no statistics: too few networks solved")
    known = told_apart(rows)
    names = [metric_name(name) for name in metrics_in_order(rows["metric"])]
    intervals.panel(ax, known, names, colours(known) or {"": style.INK})
    ax.axvline(0, color=style.GREY, lw=0.7, ls=style.DASHED, zorder=1)
    ends = known[["estimate", "low", "high"]].to_numpy(float)
    ends = ends[np.isfinite(ends)]
    ax.set_xlim(ends.min(initial=0.0) - 0.02, 1.02)
    together = confounded(rows)
    ax.set_xlabel("variance explained (ω²)" + (f"\n{together}" if together else ""))
    return ax


def ratio_panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Distance within over between groups for each metric; at 1 groups are no closer."""
    if rows.empty:
        return layout.empty(ax, "no statistics: too few networks solved")
    names = [metric_name(name) for name in metrics_in_order(rows["metric"])]
    group = str(rows["group"].iloc[0])
    intervals.panel(ax, rows, names, {group: style.INK})
    ax.axvline(1, color=style.GREY, lw=0.7, ls=style.DASHED, zorder=1)
    ratios = rows["estimate"].to_numpy(float)
    ax.set_xlim(0, 1.08 * ratios[np.isfinite(ratios)].max(initial=1.0))
    ax.set_xlabel(f"mean distance, same {group} / other {group}")
    return ax


def mantel(mantel: pd.DataFrame) -> pd.DataFrame:
    """Pairs of metrics with their correlation and its adjusted p."""
    return mantel[PAIRS].dropna(subset="r").reset_index(drop=True)


def mantel_panel(ax: Axes, rows: pd.DataFrame) -> AxesImage | None:
    """Heat map of r below the diagonal; a cross where it is not significant."""
    if rows.empty:
        layout.empty(ax, "no correlations between distances")
        return None
    names = metrics_in_order([*rows["first"], *rows["second"]])
    place = {name: i for i, name in enumerate(names)}
    values = np.full((len(names), len(names)), np.nan)
    crosses = []
    for pair in rows.itertuples(index=False):
        column, row = sorted((place[pair.first], place[pair.second]))
        values[row, column] = pair.r
        if pair.p_adjusted >= intervals.LIMIT:
            crosses.append((column, row))
    image = ax.imshow(values[1:, :-1], cmap=style.DIVERGING, vmin=-1, vmax=1)
    for column, row in crosses:
        ax.plot(column, row - 1, marker="x", ms=3, mew=0.7, color=style.INK)
    ax.spines[:].set_visible(False)
    ax.set_yticks(range(len(names) - 1), [metric_name(name) for name in names[1:]])
    ax.set_xticks(range(len(names) - 1), [metric_name(name) for name in names[:-1]])
    ax.tick_params(length=0)
    ax.tick_params(axis="x", labelrotation=90)
    return image
