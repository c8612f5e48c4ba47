"""A block of a page: states and fixed points of example networks along two components."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import SubFigure

from rnnpipe.figures import layout, page, style
from rnnpipe.figures.factors import SHOWN
from rnnpipe.figures.options import FigureOptions, with_unit
from rnnpipe.figures.panels import attractors, points, states
from rnnpipe.figures.projection import PLACE, beyond
from rnnpipe.tables.schemas import NETWORK

DRAWN = ["path", "point", "moving", "mode"]
# For the captions of figures with such a block.
LEFT_OUT = "points off the trajectories by more than half of their width are left out"
WHICH = (
    "one network of each {}, of the experiment's first constraint where that has one: its first "
    "solved seed, or its first where none is solved"
)
# A line through more points than this would not show their order.
MOST_STRUNG = 20


def named(rows: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """Rows of networks with the cell and activation of each."""
    return rows.merge(networks[[*NETWORK, *SHOWN]], on=NETWORK, how="left")


def prepare(
    tables: Mapping[str, pd.DataFrame],
    options: FigureOptions,
    chosen: pd.DataFrame,
    probes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Gather the rows of ``states.prepare``, with cell, activation and probe.

    Parameters
    ----------
    tables, options
        As of ``states.prepare``.
    chosen
        Networks drawn, of ``factors.representatives``.
    probes
        Probes whose points are drawn; None: the probe of the options.
    """
    parts = []
    for number, probe in enumerate(probes or [options.probe]):
        own = states.prepare(tables, chosen, replace(options, probe=probe))
        if number:
            own = own[own["layer"].isin(DRAWN[1:])]
        parts.append(own.assign(probe=probe))
    filled = [part for part in parts if len(part)]
    return named(near(pd.concat(filled or parts[:1], ignore_index=True)), chosen)


def near(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows without what lies far off the trajectories of their network.

    Networks without bounds have points that no trajectory comes near.
    """
    keep = pd.Series(True, index=rows.index)
    for _, own in rows.groupby(NETWORK, sort=False):
        paths = own.loc[own["layer"] == "path", PLACE].to_numpy(float)
        if len(paths):
            places = own.loc[own["layer"].isin(DRAWN[1:]), PLACE]
            keep[places.index] = ~beyond(places.to_numpy(float), paths, points.FAR)
    return rows[keep].reset_index(drop=True)


def height_mm(rows: pd.DataFrame, panel_mm: float, columns: int = 4) -> float:
    """Height of a block whose panels take ``panel_mm`` each, with its title and legend."""
    count = int((rows["layer"] == "panel").sum())
    return 16 + panel_mm * math.ceil(max(count, 1) / layout.columns_for(count, columns))


def draw(
    block: SubFigure,
    index: int,
    text: str,
    rows: pd.DataFrame,
    options: FigureOptions,
    columns: int = 4,
    norm: Normalize | None = None,
) -> None:
    """Draw panels of the networks, a legend of the points, and a colour bar of the condition.

    Points of each of several probes are strung on a line of its own.
    """
    page.title(block, index, text)
    panels = layout.split(rows)
    if not panels:
        page.note(block, "no networks")
        return
    columns = layout.columns_for(len(panels), columns)
    axes = block.subplots(math.ceil(len(panels) / columns), columns, squeeze=False)
    norm = norm or range_of(rows, options)
    strings = _styles(rows)
    for place, ax in enumerate(axes.flat):
        if place >= len(panels):
            ax.set_axis_off()
            continue
        name, own = panels[place]
        ax.set_title(layout.cell_title(name))
        if not own["layer"].isin(DRAWN[:3]).any():
            layout.empty(ax, "no trajectories", square=True)
            continue
        states.panel(ax, own, 2, options.condition_kind, norm)
        _strings(ax, own, strings)
        _bare(ax)
        if place % columns:
            ax.set_ylabel("")
    _legends(block, axes, rows, options, norm)


def range_of(rows: pd.DataFrame, options: FigureOptions) -> Normalize | None:
    """Range of the condition's colours; None where there is nothing to colour."""
    paths = rows[rows["layer"] == "path"]
    if style.condition_map(options.condition_kind) is None or paths.empty:
        return None
    return states.norm_for(paths["condition"].astype(float), options.condition_kind)


def _styles(rows: pd.DataFrame) -> dict[str, object]:
    """Line style of each probe, where there are several."""
    probes = list(rows.loc[rows["layer"] == "point", "probe"].unique())
    styles = ["-", (0, (2, 1)), (0, (1, 1)), "-."]
    return dict(zip(probes, styles, strict=False)) if 1 < len(probes) <= len(styles) else {}


def _strings(ax: Axes, rows: pd.DataFrame, styles: Mapping[str, object]) -> None:
    """A line through the points of each probe, in their order along the line that they form."""
    for probe, look in styles.items():
        own = rows[(rows["layer"] == "point") & (rows["probe"] == probe)]
        places = own[PLACE].to_numpy(float)
        if not 2 <= len(places) <= MOST_STRUNG:
            continue
        along = np.linalg.svd(places - places.mean(0), full_matrices=False)[2][0]
        order = np.argsort(places @ along, kind="stable")
        ax.plot(*places[order, :2].T, color=style.INK, lw=0.8, ls=look, zorder=3)


def _bare(ax: Axes) -> None:
    """No ticks: places in state space have no unit, and all axes of a panel have one scale."""
    ax.set(xticks=[], yticks=[])
    ax.set_box_aspect(1)


def _legends(
    block: SubFigure,
    axes: object,
    rows: pd.DataFrame,
    options: FigureOptions,
    norm: Normalize | None,
) -> None:
    entries = points.handles(rows[rows["layer"] == "point"])
    entries += attractors.handles(rows[rows["layer"] == "moving"])
    if (rows["layer"] == "mode").any():
        entries.append(style.entry("unstable eigenvector", color=states.SEGMENT, lw=1.1))
    entries += [
        style.entry(probe, color=style.INK, lw=0.8, ls=look)
        for probe, look in _styles(rows).items()
    ]
    if norm is None:
        entries.append(style.entry("trajectory", color=style.GREY, lw=0.6))
    else:
        source = ScalarMappable(norm, style.condition_map(options.condition_kind))
        page.bar(block, source, axes, with_unit(options.condition_name, options.condition_unit))
    page.legend(block, entries)
