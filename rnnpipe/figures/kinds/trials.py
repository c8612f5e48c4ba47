"""Example trials: input, target and output against time."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import trials
from rnnpipe.figures.selection import examples

NEEDS = Needs(
    tables=("networks", "trajectories"),
    columns={"trajectories": ("seed", "trial", "time", "input", "output", "target")},
)


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the rows of the example networks; see ``trials.prepare``."""
    return trials.prepare(tables, examples(tables["networks"], options.examples))


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Two rows per example network: input above, output and target below."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (34, 38))
    inputs, answers = _sides(frame)
    gaps = [trials.spacing(inputs), trials.spacing(answers)]
    for (top, bottom), rows in layout.filled_panels(axes, panels, "no trajectories"):
        trials.panel(top, rows[rows["layer"] == "input"], gaps[0]).tick_params(labelbottom=False)
        trials.panel(bottom, rows[rows["layer"] != "input"], gaps[1]).set_xlabel("time (steps)")
        top.set_ylabel(_label(inputs, "input"))
        bottom.set_ylabel(_label(answers, "output"))
    layout.outer_labels(axes)
    layout.legend(
        figure,
        [
            style.entry("target", **trials.TARGET),
            style.entry("output (coloured by channel)", color=style.INK, lw=0.9),
        ],
    )
    return figure


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
        f"{trials.spacing(rows):.2g} ({name})"
        for name, rows in sides
        if rows["channel"].nunique() > 1
    ]
    return f"; channels are drawn apart by {' and '.join(stacked)}" if stacked else ""


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentence of the caption."""
    return (
        "Input, target (wide, grey) and output (thin, one colour per channel) of example networks "
        f"on the harvested trial whose inputs change most often{_gaps(frame)}. {EXAMPLES}"
    )
