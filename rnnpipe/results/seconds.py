"""What Snakemake measured of every block's job, as a table."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rnnpipe.jobs.benchmark import read_benchmark
from rnnpipe.plan.paths import block_benchmark
from rnnpipe.results.members import blocks_of
from rnnpipe.tables.artifacts import ArtifactError


def read_benchmarks(members: Mapping[str, Any]) -> pd.DataFrame:
    """Seconds and memory of all blocks' jobs.

    Parameters
    ----------
    members
        `experiment`, `stages` (each with its `tasks`), `cohorts`, `blocks`, and
        `networks` (label of a block to their number), as `Plan` gives them to a job.

    Returns
    -------
    DataFrame
        The columns of the ``seconds`` table. What ran too briefly to be
        measured is NaN.
    """
    rows = []
    for stage, tasks in ((entry["stage"], entry["tasks"]) for entry in members["stages"]):
        for cohort, seeds in blocks_of(members):
            if cohort.task in tasks:
                path = block_benchmark(members["experiment"], stage, cohort, seeds)
                key = {"stage": stage, **vars(cohort), "seeds": seeds}
                rows.append({**key, "networks": members["networks"][seeds], **_read(path)})
    return pd.DataFrame(rows)


def _read(path: str) -> dict[str, float]:
    try:
        return read_benchmark(path)
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path}: is no benchmark file of Snakemake ({error})") from error
