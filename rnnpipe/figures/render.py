"""From tables to a finished figure, whatever its kind."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from matplotlib.figure import Figure
from pandas import DataFrame

from rnnpipe.figures import captions, layout, style
from rnnpipe.figures.catalogue import KINDS
from rnnpipe.figures.options import FigureOptions


@dataclass(frozen=True)
class Rendered:
    """A figure, the table that it draws, and its caption."""

    figure: Figure
    table: DataFrame
    caption: str


def kind(name: str) -> ModuleType:
    """Module of a kind of figure.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if name not in KINDS:
        raise ValueError(f"no figure of kind {name!r}; the kinds are {', '.join(KINDS)}")
    return importlib.import_module(f"rnnpipe.figures.kinds.{name}")


def needed(name: str, table: str, rows: DataFrame, count: int) -> DataFrame:
    """Rows of a block's table that a kind of figure needs.

    Parameters
    ----------
    name
        Kind of figure.
    table
        Name of the table.
    rows
        Its rows of one block.
    count
        Number of networks that the figure is of.
    """
    module = kind(name)
    return module.needed(table, rows, count) if hasattr(module, "needed") else rows


def render(name: str, tables: Mapping[str, DataFrame], options: FigureOptions) -> Rendered:
    """Prepare, draw and caption one figure.

    Parameters
    ----------
    name
        Kind of figure, a key of ``kinds.KINDS``.
    tables
        At least the tables that the kind needs; rows of other tasks are ignored.
    options
        Names, units and limits.

    Raises
    ------
    ValueError
        If the kind is unknown, a table is missing, or the task has no networks.
    """
    module = kind(name)
    missing = [table for table in KINDS[name].tables if table not in tables]
    if missing:
        raise ValueError(f"figure {name!r} needs the tables {missing}, which were not given")
    own = {table: _of_task(tables[table], options.task) for table in KINDS[name].tables}
    if own["networks"].empty:
        raise ValueError(f"the table of networks has no row of task {options.task!r}")
    table = module.prepare(own, options)
    text = captions.caption(module.describe(table, options), own["networks"], options.missing)
    with style.context():
        figure = module.draw(table, options)
        captions.place(figure, text)
        layout.settle(figure)
    return Rendered(figure, table, text)


def _of_task(table: DataFrame, task: str) -> DataFrame:
    """Rows of one task, with plain text keys (Hive partitions are read as categories)."""
    rows = table[table["task"].astype(str) == task].reset_index(drop=True)
    keys = [column for column in ("model", "constraint") if column in rows]
    return rows.assign(**{column: rows[column].astype(str) for column in keys})
