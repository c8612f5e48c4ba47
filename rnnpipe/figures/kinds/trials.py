"""Example trials: input, target and output against time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.projection import matrix
from rnnpipe.figures.selection import NETWORK, examples, rows_of

NEEDS = Needs(tables=("networks", "trajectories"))

COLUMNS = ["trial", "time", "channel", "value"]

_SIGNALS = ("input", "target", "output")
_TARGET_COLOUR = "#BDBDBD"


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Rows: one panel per example network; then one trial as layer, time, channel, value."""
    chosen = examples(tables["networks"], options.examples)
    rows = rows_of(tables["trajectories"], chosen).sort_values([*NETWORK, "trial", "time"])
    if len(rows):
        rows = rows[rows["trial"] == eventful(rows)]
    return layout.stack(COLUMNS, chosen, *[_long(rows, signal) for signal in _SIGNALS if len(rows)])


def eventful(rows: pd.DataFrame) -> int:
    """The trial whose inputs change most often, the first such; every network runs the same."""
    one = rows[rows.groupby(NETWORK).ngroup() == 0]
    changes = {
        trial: np.count_nonzero(np.diff(matrix(part["input"]), axis=0))
        for trial, part in one.groupby("trial")
    }
    return max(changes, key=changes.get)


def _long(rows: pd.DataFrame, signal: str) -> pd.DataFrame:
    """One signal with a row per time and channel; networks may differ in nothing but values."""
    values = matrix(rows[signal])
    table = rows[[*NETWORK, "trial", "time"]].loc[rows.index.repeat(values.shape[1])]
    return table.assign(
        layer=signal, channel=np.tile(np.arange(values.shape[1]), len(rows)), value=values.ravel()
    )


def spacing(signals: pd.DataFrame) -> float:
    """Vertical distance between channels: 1.25 times the widest range."""
    if signals.empty:
        return 1.0
    ranges = signals.groupby("channel")["value"].agg(np.ptp)
    return float(1.25 * ranges.max()) or 1.0


def panel(ax: Axes, signals: pd.DataFrame, distance: float) -> Axes:
    """Signals against time; several channels are stacked ``distance`` apart, the first on top."""
    channels = sorted(signals["channel"].astype(int).unique())
    for (layer, channel), line in signals.groupby(["layer", "channel"]):
        offset = -distance * channel if len(channels) > 1 else 0.0
        target = layer == "target"
        ax.plot(
            line["time"],
            line["value"] + offset,
            zorder=1 if target else 2,
            color=_TARGET_COLOUR if target else style.CATEGORIES[int(channel) % 7],
            lw=2.4 if target else 0.9,
            solid_joinstyle="miter",
            drawstyle="steps-mid",
        )
    if len(channels) > 1:
        ax.set_yticks([-distance * c for c in channels], [str(c + 1) for c in channels])
        ax.tick_params(axis="y", length=0)
        for channel in channels:
            ax.axhline(-distance * channel, color=style.PALE, lw=0.4, zorder=0)
    return ax


def _label(signals: pd.DataFrame, name: str) -> str:
    if signals["channel"].nunique() > 1:
        return f"{name} channel"
    return name


def _sides(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the inputs, and rows of targets and outputs, over all panels."""
    return frame[frame["layer"] == "input"], frame[frame["layer"].isin(["output", "target"])]


def _gaps(frame: pd.DataFrame) -> str:
    """Clause of the caption that gives the distance between stacked channels."""
    sides = zip(("input", "output"), _sides(frame), strict=True)
    stacked = [
        f"{spacing(rows):.2g} ({name})" for name, rows in sides if rows["channel"].nunique() > 1
    ]
    return f"; channels are drawn apart by {' and '.join(stacked)}" if stacked else ""


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Two rows per example network: input above, output and target below."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (34, 38))
    inputs, answers = _sides(frame)
    gaps = [spacing(inputs), spacing(answers)]
    for column, (name, rows) in enumerate(panels):
        top, bottom = axes[:, column]
        top.set_title(layout.network_title(name))
        if rows.empty:
            layout.empty(top, "no trajectories")
            bottom.set_axis_off()
            continue
        panel(top, rows[rows["layer"] == "input"], gaps[0]).tick_params(labelbottom=False)
        panel(bottom, rows[rows["layer"] != "input"], gaps[1]).set_xlabel("time (steps)")
        top.set_ylabel(_label(inputs, "input"))
        bottom.set_ylabel(_label(answers, "output"))
    layout.outer_labels(axes)
    layout.legend(
        figure,
        [
            Line2D([], [], color=_TARGET_COLOUR, lw=2.4, label="target"),
            Line2D([], [], color=style.INK, lw=0.9, label="output (coloured by channel)"),
        ],
    )
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentence of the caption."""
    return (
        "Input, target (wide, grey) and output (thin, one colour per channel) of example networks "
        f"on the harvested trial whose inputs change most often{_gaps(frame)}. Examples are the "
        "first solved seed of each cohort, else the first."
    )
