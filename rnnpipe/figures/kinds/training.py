"""Training and validation loss against training step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.selection import cohorts, of_probe, status
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(
    tables=("networks", "history"),
    everyone={"history": ("seed", "step", "loss", "validation_loss")},
)

COLUMNS = ["step", "loss", "validation_loss"]
# Status of networks in training, whose losses so far are drawn.
TRAINING = "still training"
_COLOURS = {**style.STATUS, TRAINING: style.CATEGORIES[2]}
# The losses of single steps of more networks would be a blur, and a table of gigabytes.
MOST_CURVES = 300


def needed(table: str, rows: pd.DataFrame, count: int) -> pd.DataFrame:
    """Rows of a block's history: of many networks only validated and last steps."""
    if count <= MOST_CURVES:
        return rows
    return rows[rows["validation_loss"].notna() | ~rows.duplicated("seed", keep="last")]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per cohort and its losses: seed, step, loss, validation_loss, status."""
    networks = of_probe(tables["networks"], options.probe)
    outcome = networks[NETWORK].assign(status=status(networks))
    history = tables["history"][[*NETWORK, "step", "loss", "validation_loss"]]
    curves = history.merge(outcome, on=NETWORK, how="inner").assign(layer="loss")
    return layout.stack(COLUMNS, cohorts(networks), curves)


def panel(ax: Axes, curves: pd.DataFrame) -> Axes:
    """Loss of one cohort's networks, one line per seed; a cross where a network diverged."""
    if not (np.isfinite(curves["loss"]) & (curves["loss"] > 0)).any():
        return layout.empty(ax, "no finite loss" if len(curves) else "no training history")
    for _, curve in curves.groupby("seed"):
        curve = curve.sort_values("step")
        state = curve["status"].iloc[0]
        colour = _COLOURS[state]
        steps, loss = curve["step"].to_numpy(float), curve["loss"].to_numpy(float)
        usable = np.isfinite(loss) & (loss > 0)
        ax.plot(steps[usable], loss[usable], color=colour, lw=0.5, alpha=0.35)
        validated = curve[np.isfinite(curve["validation_loss"]) & (curve["validation_loss"] > 0)]
        ax.plot(validated["step"], validated["validation_loss"], color=colour, lw=1.2)
        if state == "diverged" and usable.any():
            ax.plot(
                steps[usable][-1],
                loss[usable][-1],
                "X",
                color=colour,
                ms=5,
                mec="white",
                mew=0.4,
                clip_on=False,
                zorder=4,
            )
    ax.set_yscale("log")
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_xlabel("training step")
    ax.set_ylabel("loss")
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """One panel per cohort."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (48,), share_x=True, share_y=True)
    for ax, (name, curves) in zip(axes[0], panels, strict=True):
        panel(ax, curves)
        ax.set_title(layout.cohort_title(name["model"], name["constraint"]))
    steps = frame["step"].dropna()
    if steps.nunique() > 1:
        axes[0, 0].set_xlim(steps.min(), steps.max())
    layout.outer_labels(axes, ticks=True)
    present = set(frame["status"].dropna())
    entries = [
        style.entry(state, color=colour) for state, colour in _COLOURS.items() if state in present
    ]
    entries += [
        style.entry("training loss", color=style.GREY, lw=0.5),
        style.entry("validation loss", color=style.GREY, lw=1.4),
    ]
    layout.legend(figure, entries)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    text = (
        "Training loss (thin) and validation loss (thick) of every network; one line per seed, "
        "a cross where a network diverged."
    )
    if len(frame[NETWORK].dropna().drop_duplicates()) > MOST_CURVES:
        text += f" Of more than {MOST_CURVES} networks, only steps with a validation are drawn."
    return text
