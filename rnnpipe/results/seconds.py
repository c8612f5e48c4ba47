"""What Snakemake measured of every block's job, as a table."""

import pandas as pd

from rnnpipe.jobs.benchmark import read_benchmark
from rnnpipe.plan.paths import block_benchmark
from rnnpipe.settings.job_settings import SecondsJob
from rnnpipe.tables.artifacts import ArtifactError


def read_benchmarks(settings: SecondsJob) -> pd.DataFrame:
    """Seconds and memory of all blocks' jobs.

    Returns
    -------
    DataFrame
        The columns of the ``seconds`` table. What ran too briefly to be
        measured is NaN.
    """
    rows = []
    for stage, tasks in ((entry.stage, entry.tasks) for entry in settings.stages):
        for cohort, seeds in settings.blocks():
            if cohort.task in tasks:
                path = block_benchmark(settings.experiment, stage, cohort, seeds)
                key = {"stage": stage, **vars(cohort), "seeds": seeds}
                rows.append({**key, "networks": settings.networks[seeds], **_read(path)})
    return pd.DataFrame(rows)


def _read(path: str) -> dict[str, float]:
    try:
        return read_benchmark(path)
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path}: is no benchmark file of Snakemake ({error})") from error
