"""Whether networks become alike while they are trained, and what early skeletons tell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnnpipe.figures import layout, page, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import steps
from rnnpipe.tables.schemas import COHORT

NEEDS = Needs(tables=("networks", "convergence", "foretold"), only="development")

METRICS = ("svcca", "topology")
_TITLES = {"svcca": "geometry (SVCCA)", "topology": "topology"}
# What is compared with what, its colour, line and name.
PAIRS: Mapping[str, tuple[str, object, str]] = {
    "within": (style.CATEGORIES[0], "-", "networks of one cohort"),
    "between": (style.CATEGORIES[5], "-", "networks of different cohorts"),
    "own end": (style.INK, "-", "a network and its own end"),
    "other ends": (style.GREY, style.DASHED, "a network and the other ends of its cohort"),
}
CHANCE = 0.5


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections likeness, by cohort and over all, and foretold, mean over networks."""
    found = tables["convergence"].drop(columns="task")
    told = tables["foretold"].drop(columns=["task", "distances"])
    told = told[told["rank"].notna()]
    by = ["metric", "fraction", *COHORT]
    means = told.groupby(by, sort=False)["rank"].agg(mean="mean", sem="sem", networks="size")
    return page.join(likeness=found, foretold=means.reset_index(), ranks=told)


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Above: distances over steps, per metric. Below: how early the end is told, per metric."""
    figure, blocks = page.page([(66, (1, 1)), (60, (1, 1))])
    likeness, told = page.section(frame, "likeness"), page.section(frame, "foretold")
    for index, metric in enumerate(METRICS):
        page.title(blocks[index], index, f"How alike networks are: {_TITLES[metric]}")
        _likeness(blocks[index].subplots(), likeness[likeness["metric"] == metric])
        place = index + len(METRICS)
        page.title(blocks[place], place, f"What the early {_TITLES[metric]} tells of the end")
        own = told[told["metric"] == metric]
        _foretold(blocks[place].subplots(), own)
        page.legend(blocks[place], _cohorts(own))
    layout.legend(figure, _pairs(likeness))
    return figure


def _likeness(ax: Axes, rows: pd.DataFrame) -> None:
    """Mean distances over steps with their 95 % intervals; cohorts of their own thin."""
    rows = rows[rows["mean"].notna()]
    if rows.empty:
        layout.empty(ax, "no distances")
        return
    whole = rows[rows["model"].isna()]
    for kind, (colour, ls, _) in PAIRS.items():
        own = whole[whole["pairs_of"] == kind].sort_values("step")
        at = own["step"].to_numpy(float)
        low, high = (own[name].to_numpy(float) for name in ("low", "high"))
        ax.plot(at, own["mean"], color=colour, ls=ls, lw=1.1, marker="o", ms=2, mew=0, zorder=3)
        ax.fill_between(at, low, high, color=colour, alpha=0.13, lw=0, zorder=1)
    single = rows[rows["model"].notna() & (rows["pairs_of"] == "within")]
    for _, own in single.groupby(COHORT, sort=False):
        own = own.sort_values("step")
        ax.plot(own["step"], own["mean"], color=PAIRS["within"][0], lw=0.5, alpha=0.5, zorder=2)
    steps.step_axis(ax, steps.first_of(rows["step"]), float(rows["step"].max()))
    ax.set_ylim(bottom=0)
    ax.set_ylabel("mean distance")


def _foretold(ax: Axes, rows: pd.DataFrame) -> None:
    """Mean rank of a network's own end among all ends of its cohort, by fraction of training."""
    if rows.empty:
        layout.empty(ax, "no ends to tell apart")
        return
    fractions = sorted(rows["fraction"].unique())
    keys = list(rows[COHORT].drop_duplicates().itertuples(index=False, name=None))
    for number, key in enumerate(keys):
        own = rows[(rows[COHORT] == list(key)).all(axis=1)].sort_values("fraction")
        shift = 0.3 * ((number + 0.5) / len(keys) - 0.5)
        at = [fractions.index(value) + shift for value in own["fraction"]]
        error = own["sem"].fillna(0).to_numpy(float)
        look = {"color": _colour(number), "marker": "o", "ms": 3, "mew": 0, "lw": 0.9}
        ax.errorbar(at, own["mean"].to_numpy(float), yerr=error, elinewidth=0.8, **look)
    ax.axhline(CHANCE, color=style.GREY, ls=style.DASHED, lw=0.7)
    ax.set_xticks(range(len(fractions)), [f"{value:g}" for value in fractions])
    ax.set_ylim(0, 1.03)
    ax.set_xlim(-0.4, len(fractions) - 0.6)
    ax.set(xlabel="fraction of the training", ylabel="rank of the own end")


def _colour(number: int) -> str:
    return style.CATEGORIES[number % len(style.CATEGORIES)]


def _cohorts(rows: pd.DataFrame) -> list:
    keys = rows[COHORT].drop_duplicates().itertuples(index=False, name=None)
    return [
        style.entry(" · ".join(key), "o", color=_colour(number)) for number, key in enumerate(keys)
    ]


def _pairs(rows: pd.DataFrame) -> list:
    present = set(rows.loc[rows["mean"].notna(), "pairs_of"]) if len(rows) else set()
    entries = [
        style.entry(name, color=colour, ls=ls)
        for kind, (colour, ls, name) in PAIRS.items()
        if kind in present
    ]
    if len(rows) and (rows["model"].notna() & rows["mean"].notna()).any():
        entries.append(style.entry("one cohort", color=PAIRS["within"][0], lw=0.5, alpha=0.5))
    return entries


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """Sentences of the caption, block by block."""
    likeness = page.section(frame, "likeness")
    first = steps.first_of(likeness["step"]) if len(likeness) else np.nan
    axis = f" {steps.described(first)}" if np.isfinite(first) else ""
    return (
        "Of solved networks. a and b, mean distance between networks at each kept step, in the "
        "geometry of their states and in the topology of their skeletons: networks of one cohort "
        "(thick; thin: each cohort), networks of different cohorts, each network and its own end, "
        "each network and the other ends of its cohort; bands: 95 % jackknife intervals. A "
        "network that has ended counts as it ended. c and d, after a fraction of its training, the "
        "share of the other networks of its cohort whose ends are farther from it than its own "
        "end (mean ± s.e.m. over networks): 1 if its own end is nearest, 0.5 (dashed) by chance."
        f"{axis}"
    )
