"""The networks of an experiment as a table to be read: one row per network, of all tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, LIMIT_CYCLE, SLOW, TORUS
from rnnpipe.figures.selection import status
from rnnpipe.pages.hover import known
from rnnpipe.tables.schemas import ATTRACTORS, KEY, UNSTABLE

# Numbers of unstable modes with a column of their own; more are counted together.
_ORDERS = 4
_MOVING = {
    CYCLE: "cycles",
    LIMIT_CYCLE: "limit cycles",
    TORUS: "tori",
    CHAOTIC: "chaotic",
    SLOW: "slow drifts",
}
_COUNTED = (
    ("found", "points"),
    *[(UNSTABLE[k], f"{k} unstable" if k else "stable") for k in range(_ORDERS)],
    ("higher", f"{_ORDERS} or more"),
    ("marginal", "marginal"),
    ("spurious", "spurious"),
    ("slow", "slow"),
    *[(ATTRACTORS[kind], name) for kind, name in _MOVING.items()],
    ("rings", "rings"),
    ("arcs", "arcs"),
    ("lines", "lines"),
    ("surfaces", "surfaces"),
)
# Always shown: what tells networks apart, and how each ended.
_ALWAYS = {"task", "model", "seed", "score", "status", "found", "unstable_0", "certificate"}
# Shown wherever they are asked for, whether networks differ in them or not.
_ASKED = {"least_rank", "least_change_rank"}


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes
    ----------
    key
        Its name in the rows.
    title
        What stands above it.
    number
        Whether it holds numbers.
    choice
        Whether readers may choose one of its few values.
    """

    key: str
    title: str
    number: bool = False
    choice: bool = False


@dataclass(frozen=True)
class Cell:
    """What is shown, and the number to sort it by; ``None``: it sorts as text."""

    text: str
    value: float | None = None


COLUMNS = (
    Column("task", "task", choice=True),
    Column("model", "model", choice=True),
    Column("cell", "cell", choice=True),
    Column("activation", "activation", choice=True),
    Column("units", "units", number=True),
    Column("constraint", "constraint", choice=True),
    Column("seed", "seed", number=True),
    Column("score", "score", number=True),
    Column("status", "outcome", choice=True),
    *[Column(key, title, number=True) for key, title in _COUNTED],
    Column("certificate", "certificate", choice=True),
    Column("machine_right", "transitions right", number=True),
    Column("participation_ratio", "participation ratio", number=True),
    Column("least_rank", "least rank", number=True),
    Column("least_change_rank", "least rank of the change", number=True),
)


def summed_over_probes(networks: pd.DataFrame) -> pd.DataFrame:
    """One row per network: counts summed over its probes, certificates put together.

    Parameters
    ----------
    networks
        Population tables of all tasks: one row per network and probe.
    """
    rows = networks.assign(
        status=status(networks),
        higher=networks[list(UNSTABLE[_ORDERS:])].sum(axis=1),
    )
    groups = rows.groupby(KEY, sort=False, observed=True)
    counts = [key for key, _ in _COUNTED]
    once = rows.drop_duplicates(KEY).drop(columns=[*counts, "certificate"]).set_index(KEY)
    # Of a network that diverged nothing was counted, which is not the same as none.
    once = once.join(groups[counts].sum(min_count=1)).join(
        groups["certificate"].agg(_together).rename("certificate")
    )
    return once.reset_index()


def _together(certificates: pd.Series) -> str:
    counts = certificates.value_counts(sort=False)
    if len(counts) < 2:
        return str(next(iter(counts.index), "–"))
    return ", ".join(f"{number} {verdict}" for verdict, number in counts.items())


def columns_of(rows: pd.DataFrame) -> list[Column]:
    """Columns in which networks differ, and those that are shown in any case."""
    shown = _ALWAYS | {key for key in _ASKED if rows[key].notna().any()}
    return [column for column in COLUMNS if column.key in shown or rows[column.key].nunique() > 1]


def cells_of(
    row: Mapping[str, object], columns: list[Column], units: Mapping[str, str]
) -> Iterator[Cell]:
    """Cells of one network; `units` are the units of the tasks' scores."""
    for column in columns:
        value = row[column.key]
        if not column.number:
            yield Cell(str(value))
        elif not known(value):
            yield Cell("–", float("nan"))
        elif column.key == "score":
            unit = units[str(row["task"])]
            yield Cell(f"{value:.3g} {unit}".strip(), float(value))
        elif column.key == "machine_right":
            yield Cell(f"{100 * value:.1f} %", float(value))
        else:
            yield Cell(f"{value:.3g}" if value % 1 else f"{int(value)}", float(value))
