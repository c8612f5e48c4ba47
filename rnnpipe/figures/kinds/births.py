"""When skeletons arise in a population: births over steps, memories, and falls of the loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from rnnpipe.figures import factors, layout, page, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import steps
from rnnpipe.figures.panels.births import (
    AROUND,
    aligned_falls,
    carried,
    dated,
    last_memories,
    mean_and_spread,
    points_over_steps,
)
from rnnpipe.figures.selection import per_network
from rnnpipe.tables.schemas import COHORT

NEEDS = Needs(
    tables=("networks", "history", "development", "development_events"),
    everyone={
        "history": ("seed", "step", "loss"),
        "development": ("seed", "probe", "step", "score", "test_loss", "points", "stable"),
        "development_events": (),
    },
    only="development",
)
# Room on either side of the steps of the third block, as a factor.
_ROOM = 1.25


def needed(table: str, rows: pd.DataFrame, count: int) -> pd.DataFrame:
    """Of a block's history every step that is a hundredth later than the one before."""
    if table != "history" or rows.empty:
        return rows
    every = np.unique(np.round(np.geomspace(1, max(rows["step"].max(), 1), 600)))
    return rows[rows["step"].isin(every)]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections cohorts, kept, births, deaths, points, memories, falls."""
    networks = per_network(tables["networks"])
    kept, events = (
        rows[rows["probe"] == options.probe]
        for rows in (tables["development"], tables["development_events"])
    )
    kept = networks[[*COHORT, "seed", "status"]].merge(kept, on=[*COHORT, "seed"])
    events = dated(events)
    born, dead = (points_over_steps(kept, events, event) for event in ("birth", "death"))
    return page.join(
        cohorts=networks[[*COHORT, "cell"]].drop_duplicates(COHORT),
        kept=kept[["step"]].drop_duplicates(),
        births=mean_and_spread(born, "points"),
        deaths=mean_and_spread(dead, "points"),
        points=mean_and_spread(carried(kept, "points"), "points"),
        memories=last_memories(kept, events, options),
        falls=aligned_falls(tables["history"], events),
    )


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Four blocks in two rows; one legend of cohorts, above all."""
    figure, blocks = page.page([(62, (1, 1)), (62, (1, 1))])
    looks = factors.cohort_looks(page.section(frame, "cohorts"))
    layout.legend(figure, [style.entry(" · ".join(key), **look) for key, look in looks.items()])
    kept = frame.loc[frame["section"] == "kept", "step"]
    if kept.empty:
        for index, block in enumerate(blocks):
            page.title(block, index, "")
            page.note(block, "no weights were kept")
        return figure
    first, last = steps.first_of(kept), float(kept.max())
    page.title(blocks[0], 0, "Births and deaths up to a step")
    ax = blocks[0].subplots()
    _means(ax, page.section(frame, "deaths"), looks, lw=0.6)
    _spread(ax, page.section(frame, "births"), looks)
    _points_axes(ax, first, last)
    page.title(blocks[1], 1, "Fixed points at the kept steps")
    ax = blocks[1].subplots()
    _spread(ax, page.section(frame, "points"), looks, marker="o", ms=2, mew=0)
    _points_axes(ax, first, last)
    _memories(blocks[2], page.section(frame, "memories"), looks, first)
    _falls(blocks[3], page.section(frame, "falls"), looks)
    return figure


def _points_axes(ax: Axes, first: float, last: float) -> None:
    ax.set_ylabel("points per network")
    ax.set_ylim(bottom=0)
    steps.step_axis(ax, first, last)


def _means(ax: Axes, rows: pd.DataFrame, looks: Mapping, x: str = "step", **look: Any) -> None:
    """Means of each cohort as a line."""
    for key, own in rows.groupby(COHORT, sort=False):
        own = own.sort_values(x)
        at, mean = own[x].to_numpy(float), own["mean"].to_numpy(float)
        ax.plot(at, mean, **{"lw": 1.1, "zorder": 3, **looks[key], **look})


def _spread(
    ax: Axes,
    rows: pd.DataFrame,
    looks: Mapping,
    x: str = "step",
    geometric: bool = False,
    **look: Any,
) -> None:
    """Means of each cohort, with a band of one standard deviation, or of a geometric one."""
    _means(ax, rows, looks, x, **look)
    for key, own in rows.groupby(COHORT, sort=False):
        own = own.sort_values(x)
        mean, sd = own["mean"].to_numpy(float), own["sd"].fillna(0).to_numpy(float)
        ends = (mean * np.exp(-sd), mean * np.exp(sd)) if geometric else (mean - sd, mean + sd)
        at, colour = own[x].to_numpy(float), looks[key]["color"]
        ax.fill_between(at, *ends, color=colour, alpha=0.12, lw=0, zorder=1)


def _memories(block: SubFigure, rows: pd.DataFrame, looks: Mapping, first: float) -> None:
    """Steps at which networks are solved against those at which their last memory is born."""
    page.title(block, 2, "Solved, and the last attractor born")
    ax = block.subplots()
    rows = rows[rows["solved"].notna() & rows["born"].notna()]
    if rows.empty:
        layout.empty(ax, "no network was solved that bore attractors")
        return
    seen = rows[["solved", "unsolved", "born"]].to_numpy(float)
    low, high = seen.min() / _ROOM, seen.max() * _ROOM
    low = low if low >= first else 0.0
    ax.plot([low, high], [low, high], color=style.GREY, ls=style.DASHED, lw=0.7)
    for key, own in rows.groupby(COHORT, sort=False):
        colour = looks[key]["color"]
        ax.hlines(own["born"], own["unsolved"], own["solved"], color=colour, lw=0.7, alpha=0.6)
        filled = [looks[key]["ls"] == "-"] * len(own)
        style.marks(ax, own["solved"], own["born"], colour, filled, s=14)
    for which in ("x", "y"):
        steps.step_axis(ax, first, high, which, low)
    ax.set(xlabel="solved at step", ylabel="last attractor born at step")


def _falls(block: SubFigure, rows: pd.DataFrame, looks: Mapping) -> None:
    page.title(block, 3, "Loss around births")
    ax = block.subplots()
    if rows.empty:
        layout.empty(ax, "no births are dated")
        return
    _spread(ax, rows, looks, x="around", geometric=True)
    ax.axvline(1, color=style.GREY, ls=style.DASHED, lw=0.7)
    ax.axhline(1, color=style.GREY, ls=style.DASHED, lw=0.7)
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.set_xlim(1 / AROUND, AROUND)
    ax.set_xticks([1 / AROUND, 0.5, 1, 2, AROUND], ["¼", "½", "1", "2", "4"])
    ax.set(xlabel="step / step of the birth", ylabel="loss / loss at the birth")


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """Sentences of the caption, block by block."""
    kept = frame.loc[frame["section"] == "kept", "step"]
    rows = page.section(frame, "memories")
    known = rows[rows["solved"].notna() & rows["born"].notna()] if len(rows) else rows
    after = int((known["born"] <= known["solved"]).sum()) if len(known) else 0
    return (
        f"Under the probe “{options.probe}”. Births and deaths count by their dates, which lie "
        "between two kept steps (in the middle where nothing dates them); what exists at step 0 "
        "has no birth, and a network that has ended stays as it ended. a, points born up to a step "
        "(thick) and points that have died (thin): means over the networks of a cohort, band ± "
        "s.d. of births. b, fixed points at the kept steps (mean ± s.d.). c, one mark per network "
        "(hollow where the cohort's line is broken): the kept step from which on its score counts "
        "as solved, with a line back to the kept step before, against the step at which the last "
        "attractor that lasts to the end was born; above the dashed line it is born later than the "
        f"task is solved. {after} of {len(known)} are solved at a kept step after that birth. d, "
        "training loss around the births of points (all of one step count once), geometric mean "
        "over networks, band ± s.d. of the logarithm, where more than half of them have a loss. "
        f"{steps.described(steps.first_of(kept))}"
    )
