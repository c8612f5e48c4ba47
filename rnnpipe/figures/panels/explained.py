"""How much of the variance of each distance every factor explains, and how alike cohorts are."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.figures import factors, layout, metrics, style
from rnnpipe.figures.panels import intervals as intervals_panel

FACTORS = (
    "cell",
    "activation",
    "constraint",
    "units",
    "l2",
    "gain",
    "alpha",
    "noise",
    "dale_ratio",
    "autapses",
    "density",
    "modules",
)
# Not those of the commonest cells, which stand beside them.
_COLOURS = (style.INK, "#D55E00", "#56B4E9", style.GREY, *style.CATEGORIES[:4])
COLUMNS = ["metric", *intervals_panel.COLUMNS]


def prepare(statistics: pd.DataFrame, factor: str | None = None) -> pd.DataFrame:
    """PERMANOVA R² with its bootstrap interval, a row per metric and factor.

    Parameters
    ----------
    statistics
        Columns metric, factor, r2, r2_low, r2_high, p_adjusted.
    factor
        The only factor kept; None: all.
    """
    rows = statistics if factor is None else statistics[statistics["factor"] == factor]
    names = {"r2": "estimate", "r2_low": "low", "r2_high": "high", "factor": "group"}
    return _placed(rows.dropna(subset="r2").rename(columns=names))


def prepare_ratio(statistics: pd.DataFrame) -> pd.DataFrame:
    """Mean distance within groups over that between groups, for the first rows' factor.

    The interval is that of the ratio; ``p_adjusted`` is left out, since it tests the variance.
    """
    if statistics.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = statistics[statistics["factor"] == statistics["factor"].iloc[0]]
    names = {"ratio": "estimate", "ratio_low": "low", "ratio_high": "high", "factor": "group"}
    rows = rows.dropna(subset="ratio").rename(columns=names).assign(p_adjusted=float("nan"))
    return _placed(rows)


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    places = {metric: i for i, metric in enumerate(metrics.order(rows["metric"]))}
    return rows.assign(row=rows["metric"].map(places))[COLUMNS].reset_index(drop=True)


def colours(rows: pd.DataFrame) -> dict[str, str]:
    """A colour for each factor that occurs."""
    names = factors.ordered(rows["group"], FACTORS)
    return {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(names)}


def panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """R² of each factor (colour) for each distance (row)."""
    if rows.empty:
        return layout.empty(ax, "no statistics: too few networks solved")
    names = [metrics.label(name) for name in metrics.order(rows["metric"])]
    intervals_panel.panel(ax, rows, names, colours(rows))
    ax.set_xlim(-0.02, 1.02)
    ax.set_xlabel("variance explained (PERMANOVA R²)")
    return ax


def ratio_panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Distance within over between groups for each metric; at 1 groups are no closer."""
    if rows.empty:
        return layout.empty(ax, "no statistics: too few networks solved")
    names = [metrics.label(name) for name in metrics.order(rows["metric"])]
    group = str(rows["group"].iloc[0])
    intervals_panel.panel(ax, rows, names, {group: style.INK})
    ax.axvline(1, color=style.GREY, lw=0.7, ls=(0, (4, 2)), zorder=1)
    ax.set_xlim(0, 1.08 * max(1.0, float(rows["high"].max())))
    ax.set_xlabel(f"mean distance, same {group} / other {group}")
    return ax
