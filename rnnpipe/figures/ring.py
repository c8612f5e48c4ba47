"""The ring of an integrator: harvested states, slow states and fixed points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnnpipe.figures import layout, points, style
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.projection import matrix, project
from rnnpipe.figures.selection import NETWORK, examples, rows_of

_SLOW = {"marker": "o", "ms": 1.7, "mfc": style.INK, "mew": 0}

PLACES = ["pc1", "pc2", "read1", "read2"]
COLUMNS = ["trial", "time", "condition", "point", "kind", "unstable", "marginal", "level", *PLACES]


def heading_plane(readouts: np.ndarray, encoding: str | None) -> np.ndarray:
    """Readouts of the first heading as points of a plane, (point, 2).

    A vector is its cosine and sine as they are; an angle over π becomes the point of the unit
    circle there.
    """
    if encoding == "angle":
        angle = np.pi * readouts[:, 0]
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return readouts[:, :2]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Rows: a panel per example network; its states, slow states and fixed points.

    Slow states are those of the fastest level of q that was kept: at the slower ones little is
    left of a ring but its fixed points.
    Each has pc1 and pc2, its place along the first two principal components, and read1 and
    read2, its place in the plane of readouts.
    """
    chosen = examples(tables["networks"], options.examples)
    states = rows_of(tables["trajectories"], chosen)
    states = states[states.groupby(NETWORK)["trial"].rank(method="dense") <= options.trials]
    states = states[[*NETWORK, "trial", "time", "condition", "state", "output"]]
    states = states.rename(columns={"output": "readout"}).assign(layer="state")
    passed = rows_of(tables["snapshots"], chosen)
    passed = passed[passed["probe"] == options.probe]
    slow = passed[passed["level"] == passed["level"].max()]
    slow = slow[[*NETWORK, "level", "state", "readout"]].assign(layer="slow")
    fixed = points.classified(tables, chosen, options.probe).assign(layer="point")
    layers = []
    for key, components in rows_of(tables["components"], chosen).groupby(NETWORK, sort=False):
        for table in (states, slow, fixed):
            rows = table[(table[NETWORK] == list(key)).all(axis=1)]
            layers.append(_placed(rows, components, options.encoding))
    return layout.stack(COLUMNS, chosen, *layers)


def _placed(rows: pd.DataFrame, components: pd.DataFrame, encoding: str | None) -> pd.DataFrame:
    if rows.empty:
        return rows
    xy = project(matrix(rows["state"]), components, 2)
    plane = heading_plane(matrix(rows["readout"]), encoding)
    places = dict(zip(PLACES, np.hstack([xy, plane]).T, strict=True))
    return rows.drop(columns=["state", "readout"]).assign(**places)


def panel(ax: Axes, rows: pd.DataFrame, columns: list[str]) -> Axes:
    """States coloured by heading, slow states as a dark line of dots, fixed points on top."""
    states = rows[rows["layer"] == "state"]
    heading = np.angle(np.exp(1j * states["condition"].to_numpy(float)))
    ax.scatter(
        *[states[c] for c in columns],
        c=heading,
        cmap=style.cyclic(),
        s=5,
        linewidths=0,
        norm=Normalize(-np.pi, np.pi),
        zorder=1,
        rasterized=True,
    )
    slow = rows[rows["layer"] == "slow"]
    ax.plot(*[slow[c] for c in columns], ls="", zorder=3, **_SLOW)
    points.scatter(ax, rows[rows["layer"] == "point"], columns, size=18)
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_box_aspect(1)
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Principal components above, readouts below, one column per example network."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (52, 50), square=True)
    for column, (name, rows) in enumerate(panels):
        top, bottom = axes[:, column]
        top.set_title(layout.network_title(name))
        if rows.empty:
            layout.empty(top, "no states", square=True)
            bottom.set_axis_off()
            continue
        panel(top, rows, PLACES[:2]).set(xlabel="PC 1", ylabel="PC 2")
        panel(bottom, rows, PLACES[2:]).set(xlabel="readout, cosine", ylabel="readout, sine")
    layout.outer_labels(axes)
    layout.condition_bar(figure, axes, options, Normalize(-np.pi, np.pi))
    entries = points.handles(frame[frame["layer"] == "point"])
    if (frame["layer"] == "slow").any():
        entries.append(Line2D([], [], ls="", label=f"slow state ({_below(frame)})", **_SLOW))
    layout.legend(figure, entries)
    return figure


def _below(frame: pd.DataFrame) -> str:
    """The bound on the speed of the slow states drawn."""
    mantissa, exponent = f"{frame['level'].max():.0e}".split("e")
    return f"q < {mantissa}e{int(exponent)}"


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    slow = f"slow states ({_below(frame)}) and " if (frame["layer"] == "slow").any() else ""
    return (
        f"Harvested states of up to {options.trials} trials, coloured by heading, along two "
        "principal components (above) and in the plane of the readouts (below), with "
        f"{slow}fixed points under the probe “{options.probe}”. Examples are the first "
        "solved seed of each cohort, else the first."
    )
