"""From tables to a finished figure of any kind."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast, runtime_checkable

from matplotlib.figure import Figure
from pandas import DataFrame

from rnnpipe.figures import captions, layout, style
from rnnpipe.figures.catalogue import KINDS, Needs
from rnnpipe.figures.options import FigureOptions


class Kind(Protocol):
    """A kind of figure: a module of `rnnpipe.figures.kinds`."""

    NEEDS: Needs

    def prepare(self, tables: Mapping[str, DataFrame], options: FigureOptions) -> DataFrame:
        """Gather exactly what is drawn in one tidy table."""

    def draw(self, frame: DataFrame, options: FigureOptions) -> Figure:
        """Draw this table."""

    def describe(self, frame: DataFrame, options: FigureOptions) -> str:
        """First sentences of the caption."""


@runtime_checkable
class Selective(Protocol):
    """A kind of figure that needs only some rows of a table of all networks."""

    def needed(self, table: str, rows: DataFrame, count: int) -> DataFrame:
        """Select the rows of a block's table that a figure of so many networks needs."""


@dataclass(frozen=True)
class Rendered:
    """A figure, the table that it draws, and its caption."""

    figure: Figure
    table: DataFrame
    caption: str


def kind(name: str) -> Kind:
    """Import a kind of figure.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if name not in KINDS:
        raise ValueError(f"no figure of kind {name!r}; the kinds are {', '.join(KINDS)}")
    return cast(Kind, importlib.import_module(f"rnnpipe.figures.kinds.{name}"))


def needed(name: str, table: str, rows: DataFrame, count: int) -> DataFrame:
    """Select the rows of a block's table that a kind of figure needs.

    Parameters
    ----------
    name
        Kind of figure.
    table
        Name of the table.
    rows
        The table's rows of one block.
    count
        Number of networks that the figure shows.
    """
    module = kind(name)
    return module.needed(table, rows, count) if isinstance(module, Selective) else rows


def render(name: str, tables: Mapping[str, DataFrame], options: FigureOptions) -> Rendered:
    """Prepare, draw and caption one figure.

    Parameters
    ----------
    name
        Kind of figure, a key of ``catalogue.KINDS``.
    tables
        At least the tables that the kind needs; rows of other tasks are ignored.
    options
        Names, units and limits.

    Raises
    ------
    ValueError
        If the kind is unknown, a table is missing, or the task has no networks.
    """
    module, own = kind(name), own_tables(name, tables, options.task)
    table = module.prepare(own, options)
    text = captions.caption(module.describe(table, options), own["networks"], options.missing)
    with style.context():
        figure = module.draw(table, options)
        captions.place(figure, text)
        layout.settle(figure)
    return Rendered(figure, table, text)


def own_tables(name: str, tables: Mapping[str, DataFrame], task: str) -> dict[str, DataFrame]:
    """Select the tables that a kind of figure needs, with the rows of one task.

    Raises
    ------
    ValueError
        If a table is missing, or the task has no networks.
    """
    missing = [table for table in KINDS[name].tables if table not in tables]
    if missing:
        raise ValueError(f"figure {name!r} needs the tables {missing}, which were not given")
    own = {table: _of_task(tables[table], task) for table in KINDS[name].tables}
    if own["networks"].empty:
        raise ValueError(f"the table of networks has no row of task {task!r}")
    return own


def _of_task(table: DataFrame, task: str) -> DataFrame:
    """Select the rows of one task, with keys as plain text (Hive partitions give categories)."""
    rows = table[table["task"].astype(str) == task].reset_index(drop=True)
    keys = [column for column in ("model", "constraint") if column in rows]
    return rows.assign(**{column: rows[column].astype(str) for column in keys})
