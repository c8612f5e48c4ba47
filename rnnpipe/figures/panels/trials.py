"""One trial against time: inputs, outputs and targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from rnnpipe.figures import layout, page, style
from rnnpipe.figures.selection import foremost, rows_of
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK

COLUMNS = ["trial", "time", "channel", "value"]

_SIGNALS = ("input", "target", "output")
TARGET = {"color": "#BDBDBD", "lw": 2.4}
# Least room beyond the zeros of the first and the last of several channels, in their distance.
_ROOM = 0.15


def prepare(tables: Mapping[str, pd.DataFrame], chosen: pd.DataFrame) -> pd.DataFrame:
    """Gather a panel per chosen network and one trial: layer, time, channel, value."""
    rows = rows_of(tables["trajectories"], chosen).sort_values([*NETWORK, "trial", "time"])
    if len(rows):
        rows = rows[rows["trial"] == eventful(rows)]
    return layout.stack(COLUMNS, chosen, *[_long(rows, signal) for signal in _SIGNALS if len(rows)])


def eventful(rows: pd.DataFrame) -> int:
    """Number of the first trial whose inputs change most often; all networks run the same."""
    one = rows[rows.groupby(NETWORK).ngroup() == 0]
    changes = {
        trial: np.count_nonzero(np.diff(matrix(part["input"]), axis=0))
        for trial, part in one.groupby("trial")
    }
    return max(changes, key=changes.get)


def _long(rows: pd.DataFrame, signal: str) -> pd.DataFrame:
    """Table of one signal, one row per time and channel."""
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
            **(TARGET if target else {"color": style.CATEGORIES[int(channel) % 7], "lw": 0.9}),
            solid_joinstyle="miter",
            drawstyle="steps-mid",
        )
    if len(channels) > 1:
        ax.set_yticks([-distance * c for c in channels], [str(c + 1) for c in channels])
        ax.tick_params(axis="y", length=0)
        for channel in channels:
            ax.axhline(-distance * channel, color=style.PALE, lw=0.4, zorder=0)
        # The last channel, too, has its zero within the axis.
        low, high = ax.get_ylim()
        ax.set_ylim(min(low, -distance * (channels[-1] + _ROOM)), max(high, distance * _ROOM))
    return ax


def prepare_block(tables: Mapping[str, pd.DataFrame], chosen: pd.DataFrame) -> pd.DataFrame:
    """Rows of the first solved of the chosen networks, else of the first."""
    return prepare(tables, foremost(chosen))


def draw_block(
    block: SubFigure, index: int, rows: pd.DataFrame, inputs: Sequence[str] | None = None
) -> None:
    """Draw a block of a page with one trial.

    Parameters
    ----------
    block, index
        Where to draw, and the number of its letter.
    rows
        Of ``prepare_block``, with cell and activation of the network.
    inputs
        Names of the input channels, top to bottom; their numbers by default.
    """
    page.title(block, index, "Example trial")
    panels = layout.split(rows)
    if not panels or panels[0][1].empty:
        page.note(block, "no trajectories")
        return
    name, signals = panels[0]
    top, bottom = block.subplots(2, 1, sharex=True, height_ratios=(1.0, 1.0))
    given = signals[signals["layer"] == "input"]
    answers = signals[signals["layer"] != "input"]
    panel(top, given, spacing(given))
    panel(bottom, answers, spacing(answers))
    if inputs is not None and given["channel"].nunique() == len(inputs) > 1:
        top.set_yticks(top.get_yticks(), inputs)
    top.set_title(layout.cell_title(name))
    top.set_ylabel("input")
    bottom.set_ylabel("output")
    bottom.set_xlabel("time (steps)")
    block.align_ylabels([top, bottom])
    page.legend(
        block,
        [
            style.entry("target", **TARGET),
            style.entry("input, output (colour: channel)", color=style.INK, lw=0.9),
        ],
    )
