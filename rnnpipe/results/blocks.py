"""The tables of many blocks, read as one table with the cohort of each row."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from rnnpipe.plan.paths import block_path
from rnnpipe.settings import Cohort
from rnnpipe.settings.members import Members, block_holds
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.schemas import SCHEMAS

Only = Mapping[str, Collection[Any]] | None


def read_block(
    members: Members,
    table: str,
    cohort: Cohort,
    block: str,
    columns: Sequence[str] | None = None,
    only: Only = None,
) -> pd.DataFrame:
    """Read one table of one block; `columns` beside the key, all by default."""
    path = block_path(members.experiment, table, cohort, block)
    frame = read_table(path, SCHEMAS[table].names if columns is None else columns, only=only)
    return frame.assign(**vars(cohort))


def read_blocks(
    members: Members,
    table: str,
    columns: Sequence[str] | None = None,
    networks: pd.DataFrame | None = None,
    only: Only = None,
) -> pd.DataFrame:
    """Read one table of all blocks of an experiment's task.

    Parameters
    ----------
    members
        Whose blocks to read.
    table
        Name of the table.
    columns
        Columns to read beside the key; all by default.
    networks
        Keep only the networks of this table (model, constraint, seed), and
        read only the files that hold them.
    only
        Values that rows must have, as for `read_table`.
    """
    frames = []
    for cohort, block in members.blocks():
        if networks is None:
            frames.append(read_block(members, table, cohort, block, columns, only))
        elif wanted := _held(networks, cohort, block):
            own = {**(only or {}), "seed": wanted}
            frames.append(read_block(members, table, cohort, block, columns, own))
    return pd.concat(frames, ignore_index=True)


def read_with_examples(
    members: Members,
    table: str,
    columns: Sequence[str],
    examples: pd.DataFrame,
    needed: Callable[[pd.DataFrame], pd.DataFrame],
) -> pd.DataFrame:
    """Read some columns of all networks, and the columns of lists of the examples alone.

    States and eigenvectors are most of a table's bytes, and only those of a
    few networks are drawn.

    Parameters
    ----------
    members
        Whose blocks to read.
    table
        Name of the table.
    columns
        Columns of all networks, beside the key; where none are named, all but those of lists.
    examples
        Networks (model, constraint, seed) whose lists are read.
    needed
        Keeps of a block's rows those that are to stay in memory.
    """
    every = [f.name for f in SCHEMAS[table] if not pa.types.is_list(f.type)]
    columns = columns or every
    lists = [name for name in SCHEMAS[table].names if name not in {*every, *columns}]
    frames = []
    for cohort, block in members.blocks():
        wanted = _held(examples, cohort, block) if lists else []
        frame = read_block(members, table, cohort, block, [*columns, *(lists if wanted else [])])
        if wanted:
            frame[lists] = frame[lists].where(frame["seed"].isin(wanted), None)
        frames.append(needed(frame))
    rows = pd.concat(frames, ignore_index=True)
    return rows.reindex(columns=[*rows.columns.union(lists, sort=False)])


def _held(networks: pd.DataFrame, cohort: Cohort, block: str) -> list[int]:
    """Return the seeds of the given networks that lie in a block."""
    own = (networks["model"] == cohort.model) & (networks["constraint"] == cohort.constraint)
    return [seed for seed in networks.loc[own, "seed"] if block_holds(block, seed)]
