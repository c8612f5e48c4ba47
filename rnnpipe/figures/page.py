"""A page of lettered blocks: rows of panels, each with its letter, title and legend."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure, SubFigure

from rnnpipe.figures import layout, style
from rnnpipe.figures.layout import CHARACTER, MM, PAGE_MM

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TITLE_SIZE = 8.0
# Width of a legend's entry beside its text, in units of the type's size.
_ENTRY = 3.4


def page(rows: Sequence[tuple[float, Sequence[float]]]) -> tuple[Figure, list[SubFigure]]:
    """A figure as wide as a page, cut into blocks.

    Parameters
    ----------
    rows
        Height of each row in millimetres, and the widths of its blocks, relative to each other.

    Returns
    -------
    The figure, and its blocks in reading order.
    """
    heights = [height for height, _ in rows]
    figure = Figure(figsize=(PAGE_MM * MM, sum(heights) * MM), layout="constrained")
    figure.get_layout_engine().set(w_pad=1.2 * MM, h_pad=1.2 * MM, hspace=0.0, wspace=0.0)
    cells = figure.add_gridspec(len(rows), 1, height_ratios=heights)
    blocks = []
    for row, (_, widths) in enumerate(rows):
        inner = cells[row].subgridspec(1, len(widths), width_ratios=list(widths))
        blocks += [figure.add_subfigure(inner[column]) for column in range(len(widths))]
    return figure, blocks


def title(block: SubFigure, index: int, text: str) -> None:
    """Letter (bold) and title at the top left of a block; ``index`` counts from 0."""
    letter = rf"$\mathbf{{{LETTERS[index]}}}$"
    block.suptitle(f"{letter}   {text}", x=0.006, ha="left", fontsize=TITLE_SIZE)


def legend(block: SubFigure, handles: Sequence[Artist], where: str = "lower") -> None:
    """One legend below (or ``"upper"``: above) the panels of a block, wrapped to its width."""
    if not handles:
        return
    lengths = [len(str(handle.get_label())) for handle in handles]
    room = block.bbox.width / block.figure.dpi * 72 / style.FONT_SIZE

    def width(texts: Sequence[int]) -> float:
        return sum(text * CHARACTER + _ENTRY for text in texts)

    columns = len(handles)
    while columns > 1 and width(sorted(lengths)[-columns:]) > room:
        columns -= 1
    block.legend(
        handles=list(handles),
        loc=f"outside {where} center",
        ncols=layout.columns_for(len(handles), columns),
        columnspacing=1.0,
        handletextpad=0.5,
        borderaxespad=0.2,
    )


def bar(
    block: SubFigure, source: ScalarMappable, axes: object, label: str, shrink: float = 0.8
) -> object:
    """A slim colour bar to the right of some axes."""
    drawn = block.colorbar(source, ax=axes, location="right", shrink=shrink, aspect=22, pad=0.02)
    drawn.set_label(label)
    drawn.outline.set_visible(False)
    return drawn


def join(**sections: pd.DataFrame) -> pd.DataFrame:
    """Join the tables of a figure's blocks; a column ``section`` names the block.

    Empty blocks keep their columns.
    """
    parts = [table.assign(section=name) for name, table in sections.items()]
    columns = list(dict.fromkeys(["section", *(c for part in parts for c in part.columns)]))
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=columns)
    return pd.concat(filled, ignore_index=True).reindex(columns=columns)


def section(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows of one block."""
    return frame[frame["section"] == name].reset_index(drop=True)


def note(block: SubFigure, text: str) -> None:
    """Write in a block why nothing is drawn there."""
    layout.empty(block.subplots(), text)
