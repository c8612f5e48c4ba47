"""When skeletons arise in a population: births over steps, memories, and falls of the loss."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from rnnpipe.figures import layout, page, style
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
        "development_events": (
            "seed",
            "probe",
            "of",
            "event",
            "identity",
            "step_before",
            "step_after",
            "step",
        ),
    },
    only="development",
)
_LINES = ("-", style.DASHED, (0, (1, 1)), (0, (5, 1, 1, 1)))


def needed(table: str, rows: pd.DataFrame, count: int) -> pd.DataFrame:
    """Of a block's history every step that is a hundredth later than the one before."""
    if table != "history" or rows.empty:
        return rows
    every = np.unique(np.round(np.geomspace(1, max(rows["step"].max(), 1), 600)))
    return rows[rows["step"].isin(every)]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections births, points, memories, falls."""
    networks = per_network(tables["networks"])
    kept, events = (
        rows[rows["probe"] == options.probe]
        for rows in (tables["development"], tables["development_events"])
    )
    kept = networks[[*COHORT, "seed", "status"]].merge(kept, on=[*COHORT, "seed"])
    events = dated(events)
    born, dead = (points_over_steps(kept, events, event) for event in ("birth", "death"))
    return page.join(
        kept=kept[["step"]].drop_duplicates(),
        births=mean_and_spread(carried(born, "points"), "points"),
        deaths=mean_and_spread(carried(dead, "points"), "points"),
        points=mean_and_spread(carried(kept, "points"), "points"),
        memories=last_memories(kept, events, options),
        falls=aligned_falls(tables["history"], events),
    )


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Four blocks in two rows; one legend of cohorts, above all."""
    figure, blocks = page.page([(62, (1, 1)), (62, (1, 1))])
    looks = _looks(frame)
    entries = [style.entry(" · ".join(key), color=c, ls=ls) for key, (c, ls) in looks.items()]
    layout.legend(figure, entries)
    kept = frame.loc[frame["section"] == "kept", "step"]
    if kept.empty:
        for index, block in enumerate(blocks):
            page.title(block, index, "")
            page.note(block, "no weights were kept")
        return figure
    first, last = steps.first_of(kept), float(kept.max())
    titles = ("Births and deaths up to a step", "Fixed points")
    for index, names in enumerate((("births", "deaths"), ("points",))):
        page.title(blocks[index], index, titles[index])
        ax = blocks[index].subplots()
        for name in names:
            _spread(ax, page.section(frame, name), looks, faint=name == "deaths")
        ax.set_ylabel("points per network (mean, s.d.)")
        ax.set_ylim(bottom=0)
        steps.step_axis(ax, first, last)
    _memories(blocks[2], page.section(frame, "memories"), looks, first, last)
    _falls(blocks[3], page.section(frame, "falls"), looks)
    return figure


def _looks(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[str, object]]:
    """Colour of each model and line of each constraint, by cohort."""
    cohorts = frame[COHORT].dropna().drop_duplicates()
    models, constraints = (list(dict.fromkeys(cohorts[name])) for name in COHORT)
    return {
        (model, constraint): (
            style.CATEGORIES[models.index(model) % len(style.CATEGORIES)],
            _LINES[constraints.index(constraint) % len(_LINES)],
        )
        for model, constraint in cohorts.itertuples(index=False)
    }


def _spread(
    ax: Axes, rows: pd.DataFrame, looks: Mapping, faint: bool = False, x: str = "step"
) -> None:
    """Means of each cohort as a line, with a band of one standard deviation."""
    for key, own in rows.groupby(COHORT, sort=False):
        colour, ls = looks[key]
        own = own.sort_values(x)
        mean, sd = own["mean"].to_numpy(float), own["sd"].fillna(0).to_numpy(float)
        at = own[x].to_numpy(float)
        ax.plot(at, mean, color=colour, ls=ls, lw=0.6 if faint else 1.1, zorder=3)
        ax.fill_between(at, mean - sd, mean + sd, color=colour, alpha=0.12, lw=0, zorder=1)


def _memories(
    block: SubFigure, rows: pd.DataFrame, looks: Mapping, first: float, last: float
) -> None:
    """Steps at which networks are solved against those at which their last memory is born."""
    page.title(block, 2, "Solved, and the last attractor born")
    ax = block.subplots()
    rows = rows[rows["solved"].notna() & rows["born"].notna()]
    if rows.empty:
        layout.empty(ax, "no network was solved that bore attractors")
        return
    ax.plot([0, last], [0, last], color=style.GREY, ls=style.DASHED, lw=0.7)
    for key, own in rows.groupby(COHORT, sort=False):
        colour, _ = looks[key]
        ax.hlines(own["born"], own["unsolved"], own["solved"], color=colour, lw=0.7, alpha=0.6)
        hollow = looks[key][1] != "-"
        style.marks(ax, own["solved"], own["born"], colour, [not hollow] * len(own), s=14)
    steps.step_axis(ax, first, last)
    steps.step_axis(ax, first, last, "y")
    ax.set(xlabel="solved at step", ylabel="last attractor born at step")


def _falls(block: SubFigure, rows: pd.DataFrame, looks: Mapping) -> None:
    page.title(block, 3, "Loss around births")
    ax = block.subplots()
    if rows.empty:
        layout.empty(ax, "no births are dated")
        return
    _spread(ax, rows, looks, x="around")
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
        f"Under the probe “{options.probe}”. a, points born up to a step (thick) and points that "
        "have died (thin): mean over the networks of a cohort, band ± s.d.; what exists at step 0 "
        "has no birth, and a network that has ended stays as it ended. b, fixed points at the kept "
        "steps. c, one mark per network: the kept step "
        "from which on its score counts as solved, with a line back to the kept step before, "
        "against the step at which the last attractor that lasts to the end was born; above the "
        f"dashed line it is born later than the task is solved. {after} of {len(known)} are solved "
        "at a kept step after that birth. d, training loss around the "
        "births of points (all of one step count once), mean over networks ± s.d. "
        f"{steps.described(steps.first_of(kept))}"
    )
