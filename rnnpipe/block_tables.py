"""The files of many blocks, read as one table that says whose each row is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from rnnpipe.artifacts import read_table
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
    for cohort in (Cohort(**names) for names in members["cohorts"]):
        wanted = None if networks is None else _seeds(networks, cohort)
        for block in members["blocks"]:
            if wanted is not None and not _overlaps(wanted, block):
                continue
            frame = read_table(block_path(members["experiment"], table, cohort, block), columns)
            if wanted is not None:
                frame = frame[frame["seed"].isin(wanted)]
            frames.append(
                frame.assign(task=cohort.task, model=cohort.model, constraint=cohort.constraint)
            )
    return pd.concat(frames, ignore_index=True)


def _seeds(networks: pd.DataFrame, cohort: Cohort) -> list[int]:
    own = (networks["model"] == cohort.model) & (networks["constraint"] == cohort.constraint)
    return networks.loc[own, "seed"].tolist()


def _overlaps(seeds: Iterable[int], block: str) -> bool:
    first, last = map(int, block.split("-"))
    return any(first <= seed <= last for seed in seeds)
