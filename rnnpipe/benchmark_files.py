"""What Snakemake measured of every block's job, as a table."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rnnpipe.artifacts import ArtifactError
from rnnpipe.paths import block_benchmark
from rnnpipe.settings import Cohort

COLUMNS = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "memory_mb"}


def read_benchmarks(members: Mapping[str, Any]) -> pd.DataFrame:
    """Seconds and memory of all blocks' jobs.

    Parameters
    ----------
    members
        `experiment`, `stages` (each with its `tasks`), `cohorts` and
        `blocks` (label to number of networks), as `Plan` gives them to a job.

    Returns
    -------
    DataFrame
        The columns of the ``seconds`` table. What ran too briefly to be
        measured is NaN.
    """
    rows = []
    for stage, tasks in ((entry["stage"], entry["tasks"]) for entry in members["stages"]):
        for cohort in (Cohort(**c) for c in members["cohorts"] if c["task"] in tasks):
            for seeds, networks in members["blocks"].items():
                path = block_benchmark(members["experiment"], stage, cohort, seeds)
                key = {"stage": stage, **vars(cohort), "seeds": seeds, "networks": networks}
                rows.append({**key, **_read(path)})
    return pd.DataFrame(rows)


def _read(path: str) -> dict[str, float]:
    try:
        # Of a job that ran more than once the last line is the one that counts.
        last = pd.read_csv(path, sep="\t", na_values="-").iloc[-1]
        return {name: float(last[column]) for column, name in COLUMNS.items()}
    except (OSError, KeyError, IndexError, ValueError) as error:
        raise ArtifactError(f"{path}: is no benchmark file of Snakemake ({error!r})") from error
