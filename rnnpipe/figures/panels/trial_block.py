"""A block of a page: one trial of one network, inputs above, outputs and targets below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D

from rnnpipe.figures import layout, page, style
from rnnpipe.figures.factors import name_of
from rnnpipe.figures.kinds import trials
from rnnpipe.figures.options import FigureOptions

_TARGET = {"color": "#BDBDBD", "lw": 2.4}


def prepare(
    tables: Mapping[str, pd.DataFrame], options: FigureOptions, chosen: pd.DataFrame
) -> pd.DataFrame:
    """The most eventful trial of the first solved network of some, as of ``trials.prepare``."""
    solved = chosen[chosen["status"] == "solved"]
    one = (solved if len(solved) else chosen).head(1)
    return trials.prepare({**tables, "networks": one}, options)


def draw(
    block: SubFigure, index: int, rows: pd.DataFrame, inputs: Sequence[str] | None = None
) -> None:
    """Draw the block; ``inputs`` are names of the input channels, top to bottom."""
    panels = layout.split(rows)
    if not panels or panels[0][1].empty:
        page.title(block, index, "Example trial")
        page.note(block, "no trajectories")
        return
    name, signals = panels[0]
    page.title(block, index, f"Example trial ({name_of(name).replace(chr(10), ' ')})")
    top, bottom = block.subplots(2, 1, sharex=True, height_ratios=(1.0, 1.0))
    given = signals[signals["layer"] == "input"]
    answers = signals[signals["layer"] != "input"]
    trials.panel(top, given, trials.spacing(given))
    trials.panel(bottom, answers, trials.spacing(answers))
    if inputs is not None and given["channel"].nunique() == len(inputs) > 1:
        top.set_yticks(top.get_yticks(), inputs)
    top.set_ylabel("input")
    bottom.set_ylabel("output")
    bottom.set_xlabel("time (steps)")
    block.align_ylabels([top, bottom])
    page.legend(
        block,
        [
            Line2D([], [], label="target", **_TARGET),
            Line2D([], [], color=style.INK, lw=0.9, label="input, output (colour: channel)"),
        ],
    )
