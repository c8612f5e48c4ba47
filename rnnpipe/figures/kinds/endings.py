"""What runs end in: the share of each kind of attractor, cohort by cohort."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnnpipe.dynamics.classes import FIXED, KINDS
from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.selection import cohorts
from rnnpipe.jobs.plain_text import count
from rnnpipe.tables.schemas import COHORT, NETWORK

NEEDS = Needs(
    tables=("networks", "attractors", "ends"),
    everyone={
        "attractors": ("seed", "probe", "attractor", "kind", "visited", "box"),
        "ends": (
            "seed",
            "probe",
            "visited_runs",
            "box_runs",
            "visited_unassigned",
            "box_unassigned",
            "visited_diverged",
            "box_diverged",
        ),
    },
)

SOURCES = {"visited": "from visited states", "box": "from the whole box"}
UNASSIGNED, DIVERGED = "unassigned", "diverged"
ENDINGS = (*KINDS, UNASSIGNED, DIVERGED)
COLOURS = {**style.KIND_COLOURS, UNASSIGNED: style.PALE, DIVERGED: style.INK}
LABELS = {FIXED: "fixed point", "chaotic": "chaotic set", "slow": "slow drift"}
COLUMNS = [*COHORT, "probe", "source", "ending", "runs", "share", "networks", "moving"]
# With more bars than this all probes of a cohort have one.
MOST_BARS = 30
ALL = "all probes"
_ROW_MM, _ROOM_MM, _BAR = 5.2, 18.0, 0.72


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the share of the runs of a cohort that end in each kind, by probe and source.

    Each cohort and probe has a row per source and ending that occurs anywhere: runs, their share
    of all runs, the number of networks, and of those with runs from visited states that do not
    end at rest (moving). A cohort without runs has a row without an ending.
    """
    ends = tables["ends"]
    order = list(dict.fromkeys(ends["probe"]))
    groups = cohorts(tables["networks"])
    pooled = len(order) * len(groups) > MOST_BARS
    runs = _runs(tables["attractors"], ends)
    runs = runs.assign(probe=ALL if pooled else runs["probe"])
    key = [*COHORT, "probe", "source"]
    counts = runs.groupby([*key, "ending"], sort=False)["runs"].sum().reset_index()
    counts["share"] = counts["runs"] / counts.groupby(key)["runs"].transform("sum")
    facts = _networks(runs)
    rows = groups.merge(counts.merge(facts, on=[*COHORT, "probe"]), on=COHORT, how="left")
    places = {
        "probe": {probe: i for i, probe in enumerate(order)},
        "source": {source: i for i, source in enumerate(SOURCES)},
        "ending": {ending: i for i, ending in enumerate(ENDINGS)},
    }
    rows["cohort"] = rows.groupby(COHORT, sort=False).ngroup()
    rows = rows.sort_values(
        ["cohort", *places],
        key=lambda column: column.map(places[column.name]) if column.name in places else column,
        kind="stable",
    )
    return rows[COLUMNS].reset_index(drop=True)


def _runs(attractors: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """Runs of each network and probe by source and ending, of endings that occur anywhere."""
    parts = []
    for source in SOURCES:
        found = attractors.rename(columns={"kind": "ending", source: "runs"})
        parts.append(found.assign(source=source))
        for ending in (UNASSIGNED, DIVERGED):
            lost = ends.rename(columns={f"{source}_{ending}": "runs"})
            parts.append(lost.assign(source=source, ending=ending))
    columns = [*NETWORK, "probe", "source", "ending", "runs"]
    rows = pd.concat([part[columns] for part in parts], ignore_index=True)
    rows = rows.astype({"runs": int})
    return rows[rows["ending"].isin(rows.loc[rows["runs"] > 0, "ending"])]


def _networks(runs: pd.DataFrame) -> pd.DataFrame:
    """Numbers of networks of each cohort and probe: all, and those that do not end at rest."""
    away = (runs["source"] == "visited") & (runs["ending"] != FIXED) & (runs["runs"] > 0)
    own = runs.assign(away=away).groupby([*NETWORK, "probe"], sort=False)["away"].any()
    facts = own.groupby([*COHORT, "probe"], sort=False).agg(networks="size", moving="sum")
    return facts.reset_index()


def bars(frame: pd.DataFrame) -> pd.DataFrame:
    """Cohort and probe of each bar, from top to bottom."""
    return frame[[*COHORT, "probe"]].drop_duplicates().reset_index(drop=True)


def panel(ax: Axes, rows: pd.DataFrame, places: Mapping[tuple[str, ...], int]) -> Axes:
    """Stacked shares of one source, a bar per cohort and probe."""
    left = dict.fromkeys(places, 0.0)
    for row in rows.itertuples(index=False):
        key = (row.model, row.constraint, row.probe)
        look = {"color": COLOURS[row.ending], "height": _BAR, "edgecolor": "white", "lw": 0.3}
        ax.barh(places[key], row.share, left=left[key], **look)
        left[key] += row.share
    for key, place in places.items():
        if not left[key]:
            ax.text(0.02, place, "no runs", va="center", color=style.GREY)
    ax.set(xlim=(0, 1), xlabel="share of the runs")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Two panels, by where runs start; bars one below the other."""
    names = bars(frame)
    figure, axes = layout.grid(2, (_ROOM_MM + _ROW_MM * len(names),), share_x=True, share_y=True)
    places = {tuple(row): i for i, row in enumerate(names.itertuples(index=False, name=None))}
    for ax, (source, title) in zip(axes[0], SOURCES.items(), strict=True):
        panel(ax, frame[frame["source"] == source], places).set_title(title)
    axes[0, 0].set_yticks(range(len(names)), _labels(names))
    axes[0, 0].set_ylim(len(names) - 0.4, -0.6)
    layout.outer_labels(axes, ticks=True)
    found = [ending for ending in ENDINGS if (frame["ending"] == ending).any()]
    layout.legend(
        figure,
        [style.entry(LABELS.get(end, end), "s", ms=5, color=COLOURS[end]) for end in found],
    )
    return figure


def _labels(names: pd.DataFrame) -> list[str]:
    """Name of each bar: its cohort, and its probe where cohorts have several."""
    several = names["probe"].nunique() > 1
    return [
        " · ".join([row.model, row.constraint, *([row.probe] if several else [])])
        if isinstance(row.probe, str)
        else f"{row.model} · {row.constraint}"
        for row in names.itertuples(index=False)
    ]


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    probes = frame["probe"].dropna().unique()
    if not len(probes):
        return "What runs end in: no network has runs."
    under = f"the probe “{probes[0]}”" if len(probes) == 1 else f"each of {len(probes)} probes"
    if ALL in probes:
        under = "all probes together"
    once = frame.drop_duplicates([*COHORT, "probe"])
    moving, total = int(once["moving"].sum()), int(once["networks"].sum())
    what = "network" if len(probes) == 1 else "network and probe"
    text = (
        f"What runs end in under {under}: of the runs of a cohort's networks the share that ends "
        "in attractors of each kind, from states that the networks visit in their trials (left) "
        "and from anywhere in the box that holds all states (right). Of "
        f"{count(total, what) if len(probes) == 1 else f'{total} pairs of {what}'}, {moving} "
        f"{'has' if moving == 1 else 'have'} runs from visited states that do not end at rest."
    )
    notes = {
        "slow": "slow drift: still drifting after the longest run",
        UNASSIGNED: "unassigned: in no attractor that was told",
        DIVERGED: "diverged: beyond all bounds",
    }
    said = [note for ending, note in notes.items() if (frame["ending"] == ending).any()]
    return text + (f" {'; '.join(said).capitalize()}." if said else "")
