"""Cumulative variance explained by principal components of the harvested states."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.selection import cohorts, of_probe, status
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(
    tables=("networks", "components"),
    everyone={"components": ("seed", "component", "variance")},
)

COLUMNS = ["component", "cumulative"]

THRESHOLD = 0.85
SHOWN = 20


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per cohort and its curves: seed, component (from 1), cumulative, status."""
    networks = of_probe(tables["networks"], options.probe)
    outcome = networks[NETWORK].assign(status=status(networks))
    table = tables["components"][[*NETWORK, "component", "variance"]]
    table = table.sort_values([*NETWORK, "component"]).reset_index(drop=True)
    groups = table.groupby(NETWORK, sort=False)
    table["cumulative"] = groups["variance"].cumsum()
    table["component"] = groups.cumcount() + 1
    table = table[table["component"] <= SHOWN].drop(columns="variance")
    curves = table.merge(outcome, on=NETWORK, how="inner").assign(layer="variance")
    return layout.stack(COLUMNS, cohorts(networks), curves)


def panel(ax: Axes, curves: pd.DataFrame) -> Axes:
    """Cumulative variance of one cohort, one line per seed, and the threshold's line."""
    if curves.empty:
        return layout.empty(ax, "no harvested states")
    for _, curve in curves.groupby("seed"):
        ax.plot(
            curve["component"],
            100 * curve["cumulative"],
            marker="o",
            ms=2,
            color=style.STATUS[curve["status"].iloc[0]],
            lw=0.8,
            alpha=0.8,
        )
    ax.axhline(100 * THRESHOLD, color=style.INK, lw=0.6, ls=style.DASHED)
    ax.set_ylim(0, 104)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.set_xlabel("components kept")
    ax.set_ylabel("variance explained (%)")
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """One panel per cohort."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (48,), share_y=True)
    for ax, (name, curves) in zip(axes[0], panels, strict=True):
        panel(ax, curves)
        ax.set_title(layout.cohort_title(name["model"], name["constraint"]))
    layout.outer_labels(axes, ticks=True)
    present = set(frame["status"].dropna())
    entries = [
        style.entry(state, "o", color=colour, ms=2, ls="-")
        for state, colour in style.STATUS.items()
        if state in present
    ]
    limit = f"{100 * THRESHOLD:.0f} %"
    entries.append(style.entry(limit, color=style.INK, lw=0.6, ls=style.DASHED))
    layout.legend(figure, entries)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentence of the caption."""
    return (
        "Cumulative variance of the harvested states explained by their first principal "
        f"components (at most {SHOWN} shown); one line per seed, dashed: {100 * THRESHOLD:.0f} %."
    )
