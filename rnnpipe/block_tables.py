"""The files of many blocks, read as one table that says whose each row is."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from rnnpipe.artifacts import read_table
from rnnpipe.members import blocks_of, holds
from rnnpipe.paths import block_path
from rnnpipe.settings import Cohort


def read_blocks(
    members: Mapping[str, Any],
    table: str,
    columns: Sequence[str] | None = None,
    networks: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One table of all blocks of an experiment's task.

    Parameters
    ----------
    members
        `experiment`, `cohorts` and `blocks`, as `Plan` gives them to a job.
    table
        Name of the table.
    columns
        Columns to read beside the key; all by default.
    networks
        Keep only the networks of this table (model, constraint, seed), and
        read only the files that hold them.
    """
    frames = []
    for cohort, block in blocks_of(members):
        wanted = None if networks is None else _seeds(networks, cohort, block)
        if wanted == []:
            continue
        frame = read_table(block_path(members["experiment"], table, cohort, block), columns)
        if wanted is not None:
            frame = frame[frame["seed"].isin(wanted)]
        frames.append(frame.assign(**vars(cohort)))
    return pd.concat(frames, ignore_index=True)


def _seeds(networks: pd.DataFrame, cohort: Cohort, block: str) -> list[int]:
    own = (networks["model"] == cohort.model) & (networks["constraint"] == cohort.constraint)
    return [seed for seed in networks.loc[own, "seed"] if holds(block, seed)]
