"""Branches of fixed points against a swept input: readouts, stability, bifurcations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions, with_unit
from rnnpipe.figures.panels import bifurcations
from rnnpipe.figures.projection import project
from rnnpipe.figures.selection import examples, network_rows, rows_of
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(tables=("networks", "components", "branches", "bifurcations"), only="swept")

# With more readouts than this, the first principal component is drawn instead.
MOST_READOUTS = 3
# More bifurcations than this in one panel are drawn smaller.
FEW = 12
LINES = {
    True: {"color": style.CATEGORIES[0], "ls": "-", "lw": 1.0},
    False: {"color": style.GREY, "ls": (0, (3, 1.5)), "lw": 0.8},
}
KEY = ["sweep", "branch", "position", "value"]
COLUMNS = [*KEY, "event", "stable", "unstable"]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the points of every branch of each example network, and its bifurcations.

    Each has y1, y2, ... , its readouts if they are few, else y1, its place along the first
    principal component. Rows of bifurcations name their kind as ``event``.
    """
    chosen = examples(tables["networks"], options.examples)
    rows = rows_of(tables["branches"], chosen).assign(layer="branch")
    events = rows_of(tables["bifurcations"], chosen).assign(layer="event")
    events = events.rename(columns={"kind": "event"})
    components = rows_of(tables["components"], chosen)
    layers = []
    for key, own in components.groupby(NETWORK, sort=False):
        for table in (rows, events):
            mine = network_rows(table, key)
            layers.append(_placed(mine, own))
    heights = list(dict.fromkeys(c for layer in layers for c in layer if c.startswith("y")))
    return layout.stack([*COLUMNS, *(heights or ["y1"])], chosen, *layers)


def _placed(rows: pd.DataFrame, components: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return rows
    places = matrix(rows["readout"])
    if places.shape[1] > MOST_READOUTS:
        places = project(matrix(rows["state"]), components, 1)
    names = [f"y{i + 1}" for i in range(places.shape[1])]
    return rows.drop(columns=["state", "readout"]).assign(**dict(zip(names, places.T, strict=True)))


def panel(ax: Axes, rows: pd.DataFrame, height: str) -> Axes:
    """Branches, stable ones as solid lines and unstable ones dashed; bifurcations on top."""
    for _, branch in rows.groupby(["sweep", "branch"], sort=True):
        branch = branch.sort_values("position", kind="stable")
        for stable, part in runs(branch):
            ax.plot(part["value"], part[height], zorder=2 + stable, **LINES[stable])
    events = rows[rows["layer"] == "event"]
    size = 13 if len(events) <= FEW else 6
    bifurcations.scatter(ax, events, "value", height, size)
    return ax


def runs(branch: pd.DataFrame) -> list[tuple[bool, pd.DataFrame]]:
    """Cut a branch into pieces of one stability each, in order; neighbours share their end.

    A piece between a point and a bifurcation has the point's stability.
    """
    stable = branch["stable"].astype(object).to_numpy()
    event = (branch["layer"] == "event").to_numpy()
    known = pd.Series(np.where(event, None, stable), dtype=object)
    left, right = known.ffill().to_numpy()[:-1], known.bfill().to_numpy()[1:]
    steps = [bool(r if event[i] else a) for i, (a, r) in enumerate(zip(left, right, strict=True))]
    pieces = []
    start = 0
    for end in range(1, len(steps) + 1):
        if end == len(steps) or steps[end] != steps[start]:
            pieces.append((steps[start], branch.iloc[start : end + 1]))
            start = end
    return pieces


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """A column per example network and sweep, a row per readout."""
    heights = [column for column in frame if column.startswith("y")]
    sweeps = list(options.sweeps) or [""]
    panels = [(name, rows, sweep) for name, rows in layout.split(frame) for sweep in sweeps]
    figure, axes = layout.grid(len(panels), (42,) * len(heights), share_y=True)
    for column, (name, rows, sweep) in enumerate(panels):
        axes[0, column].set_title(layout.network_title(name))
        own = rows[rows["sweep"] == sweep]
        if own.empty:
            for ax in axes[:, column]:
                layout.empty(ax, "no branches")
            continue
        for number, (ax, height) in enumerate(zip(axes[:, column], heights, strict=True)):
            panel(ax, own, height).set_ylabel(_label(frame, options, number))
            ax.set_xlim(own["value"].min(), own["value"].max())
            ax.xaxis.set_major_locator(MaxNLocator(4))
        axes[-1, column].set_xlabel(with_unit(*options.sweeps.get(sweep, ("input", ""))))
    layout.outer_labels(axes)
    layout.legend(figure, handles(frame))
    return figure


def _label(frame: pd.DataFrame, options: FigureOptions, number: int) -> str:
    count = sum(column.startswith("y") for column in frame)
    if options.outputs > MOST_READOUTS:
        return "PC 1"
    if options.encoding == "vector" and count == 2:
        return ("readout, cosine", "readout, sine")[number]
    return f"readout {number + 1}" if count > 1 else "readout"


def handles(frame: pd.DataFrame) -> list[Line2D]:
    """Legend entries for the lines and markers that occur."""
    entries = []
    stable = frame.loc[frame["layer"] == "branch", "stable"].astype(bool)
    for kind, label in ((True, "stable"), (False, "unstable")):
        if (stable == kind).any():
            entries.append(style.entry(label, **LINES[kind]))
    return entries + bifurcations.handles(frame["event"])


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    sweeps = ", ".join(f"“{name}”" for name in options.sweeps)
    what = "first principal component" if options.outputs > MOST_READOUTS else "readouts"
    return (
        f"Fixed points along the swept input ({sweeps}): their {what} against the input's value. "
        "Solid: stable; dashed: unstable; markers: where branches turn, cross, or change "
        f"stability. {EXAMPLES}"
    )
