"""Whether networks become alike while they are trained, and what early skeletons tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnnpipe.figures import factors, layout, page, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import steps
from rnnpipe.tables.schemas import COHORT

NEEDS = Needs(tables=("networks", "convergence", "foretold"), only="development")

METRICS = ("svcca", "topology")
_TITLES = {"svcca": "geometry (SVCCA)", "topology": "topology"}
# None of the colours of cohorts.
_END = "#7B2D8E"
# What is compared with what, its colour, line and name.
PAIRS: Mapping[str, tuple[str, object, str]] = {
    "within": (style.INK, "-", "networks of one cohort"),
    "between": ("#7A4B21", style.DASHED, "networks of different cohorts"),
    "own end": (_END, "-", "a network and its own end"),
    "other ends": (_END, style.DASHED, "a network and the other ends of its cohort"),
}
CHANCE = 0.5
Looks = Mapping[tuple[str, str], Mapping[str, Any]]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections likeness, by cohort and over all, and foretold, mean over networks."""
    found = tables["convergence"].drop(columns="task")
    told = tables["foretold"].drop(columns=["task", "distances"])
    told = told[told["rank"].notna()]
    by = ["metric", "fraction", *COHORT]
    means = told.groupby(by, sort=False)["rank"].agg(mean="mean", sem="sem", networks="size")
    cohorts = tables["networks"][[*COHORT, "cell"]].drop_duplicates(COHORT)
    foretold = means.reset_index()
    return page.join(cohorts=cohorts, likeness=found, foretold=foretold, ranks=told)


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Above: distances over steps, per metric. Below: how early the end is told, per metric."""
    figure, blocks = page.page([(66, (1, 1)), (60, (1, 1))])
    likeness, told = page.section(frame, "likeness"), page.section(frame, "foretold")
    looks = factors.cohort_looks(page.section(frame, "cohorts"))
    for index, metric in enumerate(METRICS):
        page.title(blocks[index], index, f"How alike networks are: {_TITLES[metric]}")
        _likeness(blocks[index].subplots(), likeness[likeness["metric"] == metric], looks)
        place = index + len(METRICS)
        page.title(blocks[place], place, f"What the early {_TITLES[metric]} tells of the end")
        _foretold(blocks[place].subplots(), told[told["metric"] == metric], looks)
    layout.legend(figure, [*_pairs(likeness), *_cohorts(likeness, told, looks)])
    return figure


def _likeness(ax: Axes, rows: pd.DataFrame, looks: Looks) -> None:
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
    for key, own in single.groupby(COHORT, sort=False):
        own = own.sort_values("step")
        ax.plot(own["step"], own["mean"], lw=0.7, zorder=2, **looks[key])
    steps.step_axis(ax, steps.first_of(rows["step"]), float(rows["step"].max()))
    ax.set_ylim(bottom=0)
    ax.set_ylabel("mean distance")


def _foretold(ax: Axes, rows: pd.DataFrame, looks: Looks) -> None:
    """Mean rank of a network's own end among all ends of its cohort, by fraction of training."""
    if rows.empty:
        layout.empty(ax, "no ends to tell apart")
        return
    fractions = sorted(rows["fraction"].unique())
    keys = _keys(rows, looks)
    for number, key in enumerate(keys):
        own = rows[(rows[COHORT] == list(key)).all(axis=1)].sort_values("fraction")
        shift = 0.3 * ((number + 0.5) / len(keys) - 0.5)
        at = [fractions.index(value) + shift for value in own["fraction"]]
        error = own["sem"].fillna(0).to_numpy(float)
        look = {"marker": "o", "ms": 3, "mew": 0, "lw": 0.9, "elinewidth": 0.8, **looks[key]}
        ax.errorbar(at, own["mean"].to_numpy(float), yerr=error, **look)
    ax.axhline(CHANCE, color=style.GREY, ls=style.DASHED, lw=0.7)
    ax.set_xticks(range(len(fractions)), [f"{value:g}" for value in fractions])
    ax.set_ylim(0, 1.03)
    ax.set_xlim(-0.4, len(fractions) - 0.6)
    ax.set(xlabel="fraction of the training", ylabel="rank of the own end")


def _keys(rows: pd.DataFrame, looks: Looks) -> list[tuple[str, str]]:
    """Cohorts that have rows, in the population's order."""
    known = set(rows[COHORT].itertuples(index=False, name=None))
    return [key for key in looks if key in known]


def _cohorts(likeness: pd.DataFrame, told: pd.DataFrame, looks: Looks) -> list[Line2D]:
    known = likeness[likeness["mean"].notna()] if len(likeness) else likeness
    keys = _keys(pd.concat([known[COHORT], told[COHORT]]), looks)
    return [style.entry(" · ".join(key), "o", ms=3, lw=0.7, **looks[key]) for key in keys]


def _pairs(rows: pd.DataFrame) -> list[Line2D]:
    present = set(rows.loc[rows["mean"].notna(), "pairs_of"]) if len(rows) else set()
    return [
        style.entry(name, color=colour, ls=ls)
        for kind, (colour, ls, name) in PAIRS.items()
        if kind in present
    ]


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """Sentences of the caption, block by block."""
    likeness = page.section(frame, "likeness")
    first = steps.first_of(likeness["step"]) if len(likeness) else np.nan
    axis = f" {steps.described(first)}" if np.isfinite(first) else ""
    return (
        "Of solved networks. a and b, mean distance between networks at each kept step, in the "
        "geometry of their states and in the topology of their skeletons: networks of one cohort "
        "(thick; thin and coloured: each cohort), networks of different cohorts, each network and "
        "its own end, each network and the other ends of its cohort; bands: 95 % jackknife "
        "intervals. A network that has ended counts as it ended. c and d, after a fraction of its "
        "training, the share of the other networks of its cohort whose ends are farther from it "
        "than its own end (mean ± s.e.m. over networks): 1 if its own end is nearest, 0.5 "
        "(dashed) by chance."
        f"{axis}"
    )
