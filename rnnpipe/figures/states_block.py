"""A block of a page: states and fixed points of example networks along two components."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D

from rnnpipe.figures import layout, page, points, style, trajectories
from rnnpipe.figures.factors import SHOWN, name_of
from rnnpipe.figures.options import FigureOptions, with_unit
from rnnpipe.figures.selection import NETWORK

DRAWN = ["path", "point", "mode"]


def named(rows: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """Rows of networks with the cell and activation of each."""
    return rows.merge(networks[[*NETWORK, *SHOWN]], on=NETWORK, how="left")


def prepare(
    tables: Mapping[str, pd.DataFrame],
    options: FigureOptions,
    chosen: pd.DataFrame,
    probes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Rows as of ``trajectories.prepare`` with cell, activation and probe.

    Parameters
    ----------
    tables, options
        As of ``trajectories.prepare``.
    chosen
        Networks drawn, of ``factors.representatives``.
    probes
        Probes whose points are drawn; None: that of the options.
    """
    tables = {**tables, "networks": chosen}
    parts = []
    for number, probe in enumerate(probes or [options.probe]):
        own = trajectories.prepare(tables, dataclasses.replace(options, probe=probe))
        if number:
            own = own[own["layer"].isin(["point", "mode"])]
        parts.append(own.assign(probe=probe))
    filled = [part for part in parts if len(part)]
    return named(pd.concat(filled or parts[:1], ignore_index=True), chosen)


def draw(
    block: SubFigure,
    index: int,
    text: str,
    rows: pd.DataFrame,
    options: FigureOptions,
    columns: int = 4,
) -> None:
    """Panels of the networks, a legend of the points, a bar of the condition where it has one."""
    page.title(block, index, text)
    panels = layout.split(rows)
    if not panels:
        page.note(block, "no networks")
        return
    columns = min(columns, len(panels))
    axes = block.subplots(math.ceil(len(panels) / columns), columns, squeeze=False)
    paths = rows[rows["layer"] == "path"]
    coloured = style.condition_map(options.condition_kind) is not None and len(paths) > 0
    norm = trajectories.norm_for(paths["condition"], options.condition_kind) if coloured else None
    for place, ax in enumerate(axes.flat):
        if place >= len(panels):
            ax.set_axis_off()
            continue
        name, own = panels[place]
        ax.set_title(name_of(name))
        if not own["layer"].isin(DRAWN[:2]).any():
            layout.empty(ax, "no trajectories", square=True)
            continue
        _bare(trajectories.panel(ax, own, 2, options.condition_kind, norm))
        if place % columns:
            ax.set_ylabel("")
    _legends(block, axes, rows, options, norm)


def _bare(ax: Axes) -> None:
    """No ticks: places in state space have no unit, and all axes of a panel have one scale."""
    ax.set(xticks=[], yticks=[])
    ax.set_box_aspect(1)


def _legends(
    block: SubFigure, axes: object, rows: pd.DataFrame, options: FigureOptions, norm: object
) -> None:
    entries = points.handles(rows[rows["layer"] == "point"])
    if (rows["layer"] == "mode").any():
        look = {"color": trajectories.SEGMENT, "lw": 1.1}
        entries.append(Line2D([], [], label="unstable eigenvector", **look))
    if norm is None:
        entries.append(Line2D([], [], color=style.GREY, lw=0.6, label="trajectory"))
    else:
        source = ScalarMappable(norm, style.condition_map(options.condition_kind))
        page.bar(block, source, axes, with_unit(options.condition_name, options.condition_unit))
    page.legend(block, entries)
