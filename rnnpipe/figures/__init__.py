"""Figures: tables in, matplotlib figures out.

Each kind of figure is a module of this package with ``prepare`` (tables to one tidy table of
exactly what is drawn), ``draw`` (that table to a figure) and ``describe`` (its caption), and has
a line in ``KINDS``.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from rnnpipe.figures.options import FigureOptions

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame


@dataclass(frozen=True)
class Kind:
    """A kind of figure: the tables that it needs, and the kinds of task it suits (None: all)."""

    tables: tuple[str, ...]
    tasks: tuple[str, ...] | None = None


# Readable without importing pandas or matplotlib.
KINDS: Mapping[str, Kind] = {
    "training": Kind(("networks", "history")),
    "trials": Kind(("networks", "trajectories")),
    "performance": Kind(("networks",)),
    "variance": Kind(("networks", "components")),
    "weights": Kind(("networks", "weights")),
    "trajectories": Kind(
        ("networks", "trajectories", "components", "fixed_points", "stability", "modes")
    ),
    "spectra": Kind(("networks", "stability", "modes")),
    "graph": Kind(("networks", "components", "fixed_points", "stability", "edges")),
    "census": Kind(("networks",)),
    "ring": Kind(
        ("networks", "trajectories", "components", "fixed_points", "stability", "snapshots"),
        ("integrator",),
    ),
}

__all__ = ["KINDS", "FigureOptions", "Rendered", "kind", "kinds_for", "render"]


@dataclass(frozen=True)
class Rendered:
    """A figure, the table that it draws, and its caption."""

    figure: Figure
    table: DataFrame
    caption: str


def kinds_for(task_kind: str) -> list[str]:
    """Names of the kinds of figure that apply to a kind of task."""
    return [name for name, k in KINDS.items() if k.tasks is None or task_kind in k.tasks]


def kind(name: str) -> ModuleType:
    """Module of a kind of figure.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if name not in KINDS:
        raise ValueError(f"no figure of kind {name!r}; the kinds are {', '.join(KINDS)}")
    return importlib.import_module(f"rnnpipe.figures.{name}")


def render(name: str, tables: Mapping[str, DataFrame], options: FigureOptions) -> Rendered:
    """Prepare, draw and caption one figure.

    Parameters
    ----------
    name
        Kind of figure, a key of ``KINDS``.
    tables
        At least the tables named by the kind's ``TABLES``; rows of other tasks are ignored.
    options
        Names, units and limits.

    Raises
    ------
    ValueError
        If the kind is unknown, a table is missing, or the task has no networks.
    """
    from rnnpipe.figures import captions, layout, style

    module = kind(name)
    missing = [table for table in KINDS[name].tables if table not in tables]
    if missing:
        raise ValueError(f"figure {name!r} needs the tables {missing}, which were not given")
    own = {table: _of_task(tables[table], options.task) for table in KINDS[name].tables}
    if own["networks"].empty:
        raise ValueError(f"the table of networks has no row of task {options.task!r}")
    table = module.prepare(own, options)
    text = captions.caption(module.describe(table, options), own["networks"])
    with style.context():
        figure = module.draw(table, options)
        captions.place(figure, text)
        layout.settle(figure)
    return Rendered(figure, table, text)


def _of_task(table: DataFrame, task: str) -> DataFrame:
    """Rows of one task, with plain text keys (Hive partitions are read as categories)."""
    rows = table[table["task"].astype(str) == task].reset_index(drop=True)
    return rows.assign(model=rows["model"].astype(str), constraint=rows["constraint"].astype(str))
