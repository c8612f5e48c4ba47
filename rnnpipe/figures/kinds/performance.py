"""Task score and dimensionality of networks by constraint."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.factors import model_colours
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.scores import limit_handle, score_axis
from rnnpipe.figures.selection import of_probe, status
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(tables=("networks",))

_DODGE = 0.8
_CROSS = {"color": style.STATUS["diverged"], "ms": 4.5, "mec": "white", "mew": 0.4}


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """One row per network: status, score, participation_ratio, and its place on the x axis."""
    networks = of_probe(tables["networks"], options.probe)
    kept = [*NETWORK, "cell", "score", "participation_ratio"]
    frame = networks[kept].assign(status=status(networks))
    models, constraints = list(frame["model"].unique()), list(frame["constraint"].unique())
    order = frame["model"].map({name: i for i, name in enumerate(models)})
    width = _DODGE / len(models)
    centre = frame["constraint"].map({name: i for i, name in enumerate(constraints)})
    frame["centre"] = centre + (order - (len(models) - 1) / 2) * width
    rank = frame.groupby(["model", "constraint"])["seed"].rank(method="first") - 1
    size = frame.groupby(["model", "constraint"])["seed"].transform("size")
    frame["x"] = frame["centre"] + 0.7 * width * ((rank + 0.5) / size - 0.5)
    return frame.reset_index(drop=True)


def _looks(frame: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Colour and marker of each model: where colours repeat themselves, markers change."""
    found: dict[str, tuple[str, str]] = {}
    for index, (model, colour) in enumerate(model_colours(frame).items()):
        marker = style.MARKERS[index // len(style.CATEGORIES) % len(style.MARKERS)]
        found[model] = (colour, marker)
    return found


def panel(ax: Axes, frame: pd.DataFrame, column: str) -> Axes:
    """One quantity by constraint: points per network, the cohort's mean as a bar.

    Networks without a value are crosses at the axis' lower edge.
    """
    bar = min(0.42 * _DODGE / frame["model"].nunique(), 0.2)
    looks = _looks(frame)
    for model, group in frame.groupby("model", sort=False):
        colour, marker = looks[model]
        known = group[np.isfinite(group[column].astype(float))]
        solved = (known["status"] == "solved").to_numpy()
        style.marks(ax, known["x"], known[column], colour, solved, s=12, marker=marker)
        for centre, values in known.groupby("centre")[column]:
            ax.hlines(
                values.mean(),
                centre - bar,
                centre + bar,
                color=style.INK,
                lw=1.2,
                zorder=2,
            )
        unknown = group[~group.index.isin(known.index)]
        ax.plot(
            unknown["x"],
            np.full(len(unknown), 0.03),
            "X",
            transform=ax.get_xaxis_transform(),
            zorder=4,
            **_CROSS,
        )
    _constraint_axis(ax, list(frame["constraint"].unique()))
    ax.margins(y=0.12)
    return ax


def _constraint_axis(ax: Axes, constraints: list[str]) -> None:
    longest = max(len(name) for name in constraints)
    room_mm = 150 / len(constraints)
    rotated = longest * 1.4 > room_mm
    ax.set_xticks(range(len(constraints)), constraints)
    ax.tick_params(axis="x", length=0)
    if rotated:
        for label in ax.get_xticklabels():
            label.set(rotation=30, ha="right", rotation_mode="anchor")
    ax.set_xlim(-0.5, len(constraints) - 0.5)
    for edge in range(len(constraints) - 1):
        ax.axvline(edge + 0.5, color=style.PALE, lw=0.5, zorder=0)


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Score above, participation ratio below."""
    points = frame["constraint"].nunique() * frame["model"].nunique()
    figure = Figure(
        figsize=((110 if points <= 4 else layout.PAGE_MM) * layout.MM, 92 * layout.MM),
        layout="constrained",
    )
    top, bottom = figure.subplots(2, 1, sharex=True)
    score_axis(panel(top, frame, "score"), frame["score"], options)
    panel(bottom, frame, "participation_ratio").set_ylabel("participation ratio")
    bottom.set_xlabel("constraint")
    top.tick_params(labelbottom=False)
    figure.align_ylabels()
    entries = [
        style.entry(model, marker, color=colour)
        for model, (colour, marker) in _looks(frame).items()
    ]
    entries += [
        style.entry("not solved", "o", ms=3.5, mfc="white", mec=style.INK),
        style.entry("mean", color=style.INK, lw=1.2),
        limit_handle(),
    ]
    if not np.isfinite(frame["score"].astype(float)).all():
        entries.append(style.entry("no value", "X", **_CROSS))
    layout.legend(figure, entries)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentence of the caption."""
    limit = f"{options.score_name} {options.solved:g} {options.score_unit}".strip()
    return (
        "Task score and participation ratio of the harvested states by constraint; one point per "
        f"network, bars are means over the cohort, dashed: the limit for solved ({limit})."
    )
