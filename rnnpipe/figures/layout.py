"""Panels on the page: how many columns, how large, where labels, legends and notes go."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from rnnpipe.figures import style
from rnnpipe.figures.options import FigureOptions, with_unit
from rnnpipe.figures.style import FONT_SIZE, GREY
from rnnpipe.tables.schemas import COHORT, NETWORK

MM = 1 / 25.4
PAGE_MM = 180.0
MAX_COLUMNS = 4
# Mean width of a character of the figure's typeface, in units of its size.
CHARACTER = 0.535

# Width of a column from which square panels have their full height.
_FULL_MM = 56.0
_WIDTHS_MM = {1: 100.0, 2: 140.0}


def columns_for(panels: int, most: int = MAX_COLUMNS) -> int:
    """Columns into which panels are wrapped: at most so many, in rows as even as possible."""
    panels = max(panels, 1)
    return math.ceil(panels / math.ceil(panels / most))


def grid(
    panels: int,
    heights_mm: Sequence[float],
    projections: Sequence[str | None] | None = None,
    square: bool = False,
    share_x: bool = False,
    share_y: bool = False,
) -> tuple[Figure, np.ndarray]:
    """Lay out panels of one or more rows each, wrapped into bands of columns.

    Parameters
    ----------
    panels
        Number of panels (columns before wrapping).
    heights_mm
        Height of each row of a panel, in millimetres, labels included.
    projections
        Projection of each row; None for plain axes.
    square
        Whether panels keep their shape: heights then shrink with the width of a column.
    share_x, share_y
        Whether all axes of a row share one x axis, one y axis.

    Returns
    -------
    The figure, and its axes as an array (row, panel).
    """
    columns, rows = columns_for(panels), len(heights_mm)
    bands = math.ceil(max(panels, 1) / columns)
    width = _WIDTHS_MM.get(columns, PAGE_MM)
    if square:
        shrink = min(1.0, width / columns / _FULL_MM)
        heights_mm = [shrink * height for height in heights_mm]
    figure = Figure(
        figsize=(width * MM, bands * sum(heights_mm) * MM),
        layout="constrained",
    )
    figure.get_layout_engine().set(w_pad=2 * MM, h_pad=1.2 * MM, hspace=0.0, wspace=0.0)
    cells = figure.add_gridspec(bands * rows, columns, height_ratios=list(heights_mm) * bands)
    axes = np.empty((rows, max(panels, 1)), dtype=object)
    for panel in range(max(panels, 1)):
        band, column = divmod(panel, columns)
        for row in range(rows):
            first = axes[row, 0] if panel else None
            projection = projections[row] if projections else None
            cell = cells[band * rows + row, column]
            axes[row, panel] = figure.add_subplot(
                cell,
                projection=projection,
                sharex=first if share_x else None,
                sharey=first if share_y else None,
            )
    return figure, axes


def outer_labels(axes: np.ndarray, ticks: bool = False) -> None:
    """Keep y labels (and with ``ticks`` also y tick labels) in the first column only."""
    columns = columns_for(axes.shape[1])
    for row in axes:
        for panel, ax in enumerate(row):
            if panel % columns:
                ax.set_ylabel("")
                if ticks:
                    ax.tick_params(labelleft=False)


def settle(figure: Figure) -> None:
    """Lay the panels out and keep the result, rounded.

    Twice, since panels of fixed shape change their margins once placed. The layout's solver
    repeats itself only to rounding error, which would show in the bytes of an SVG.
    """
    for _ in range(2):
        figure.get_layout_engine().execute(figure)
    figure.set_layout_engine("none")
    for block in figure.subfigs:
        block.bbox_relative.set_points(np.round(block.bbox_relative.get_points(), 6))
    for ax in figure.axes:
        ax.set_position(np.round(ax.get_position(original=True).bounds, 6))


def empty(ax: Axes, text: str, square: bool = False) -> Axes:
    """Write in a panel why nothing is drawn there."""
    ax.set_axis_off()
    if square:
        ax.set_box_aspect(1)
    place = getattr(ax, "text2D", ax.text)
    place(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=GREY)
    return ax


def legend(figure: Figure, handles: Sequence[Artist]) -> None:
    """Put one legend above all panels, wrapped to the figure's width."""
    if not handles:
        return
    longest = max(len(str(handle.get_label())) for handle in handles)
    width = (longest * CHARACTER + 4.0) * FONT_SIZE / 72
    columns = max(1, min(len(handles), int(figure.get_figwidth() / width)))
    ncols = columns_for(len(handles), columns)
    figure.legend(handles=list(handles), loc="outside upper center", ncols=ncols)


def colourbar(figure: Figure, source: Any, axes: np.ndarray, label: str) -> Any:
    """Put one slim colour bar to the right of all panels."""
    bar = figure.colorbar(
        source,
        ax=list(axes.flat),
        location="right",
        fraction=0.03,
        shrink=0.75,
        aspect=25,
        pad=0.01,
        panchor=False,
    )
    bar.set_label(label)
    bar.outline.set_visible(False)
    return bar


def condition_bar(
    figure: Figure, axes: np.ndarray, options: FigureOptions, norm: Normalize
) -> None:
    """Colour bar of the trajectories' condition; angles are marked in parts of π."""
    source = ScalarMappable(norm, style.condition_map(options.condition_kind))
    bar = colourbar(figure, source, axes, with_unit(options.condition_name, options.condition_unit))
    if options.condition_kind == "circular":
        bar.set_ticks([-np.pi, 0, np.pi], labels=[r"$-\pi$", "0", r"$\pi$"])


def cohort_title(model: str, constraint: str) -> str:
    """Name of a cohort, on two lines when one is too long for a panel."""
    joined = f"{model} · {constraint}"
    if len(joined) <= 30:
        return joined
    return "\n".join(shortened(part, 28) for part in (model, constraint))


def shortened(text: str, most: int) -> str:
    """As much of a text as so many characters hold."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def network_title(panel: pd.Series) -> str:
    """Name of an example network, with its status unless it is solved."""
    note = "" if panel["status"] == "solved" else f", {panel['status']}"
    return f"{cohort_title(panel['model'], panel['constraint'])}\nseed {int(panel['seed'])}{note}"


def cell_title(row: pd.Series) -> str:
    """Cell, activation and constraint of an example network; its status unless it is solved."""
    solved = row.get("status", "solved") == "solved"
    name = f"{row['cell']}, {row['activation']}\n{shortened(row['constraint'], 20)}"
    return name + ("" if solved else f"\n({row['status']})")


def filled_panels(
    axes: np.ndarray, panels: Sequence[tuple[pd.Series, pd.DataFrame]], note: str, *layers: str
) -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
    """Title the panels of example networks, and give those that have something to draw.

    Parameters
    ----------
    axes
        (row, panel), of ``grid``.
    panels
        Of ``split``.
    note
        Written in panels with nothing to draw.
    layers
        Layers of which a panel needs one; any by default.

    Yields
    ------
    The axes of a panel, (row,), and its rows.
    """
    for column, (name, rows) in zip(axes.T, panels, strict=True):
        column[0].set_title(network_title(name))
        if (rows["layer"].isin(layers) if layers else rows["layer"].notna()).any():
            yield column, rows
            continue
        empty(column[0], note, square=True)
        for ax in column[1:]:
            ax.set_axis_off()


def stack(columns: Sequence[str], panels: pd.DataFrame, *layers: pd.DataFrame) -> pd.DataFrame:
    """One tidy table of a figure: a row naming each panel, then the rows of its layers.

    The rows of layer ``panel`` keep a panel in the figure even where it has nothing to draw.

    Parameters
    ----------
    columns
        Columns of the layers beside model, constraint, seed, status and layer; the table has
        them all, whether or not anything is drawn.
    panels
        Model and constraint of each panel; with seed and status where it shows one network.
    layers
        Tables with some of the columns, each with a column ``layer`` that names it.
    """
    names = panels[[name for name in (*NETWORK, "status") if name in panels]]
    parts = [names.assign(layer="panel"), *[layer for layer in layers if len(layer)]]
    table = pd.concat(parts, ignore_index=True)
    return table.reindex(columns=[*NETWORK, "status", "layer", *columns])


def split(frame: pd.DataFrame) -> list[tuple[pd.Series, pd.DataFrame]]:
    """Panels of a table made by ``stack``: the row that names each, and its other rows."""
    is_panel = frame["layer"] == "panel"
    names = frame[is_panel]
    keys = NETWORK if names["seed"].notna().any() else COHORT
    data = dict(list(frame[~is_panel].groupby(keys, sort=False, observed=True)))
    none = frame.iloc[:0]
    return [(row, data.get(tuple(row[keys]), none)) for _, row in names.iterrows()]
