"""The times and memory of every block's job, from the files that Snakemake writes."""

import csv
from pathlib import Path

import pandas as pd

from rnnpipe.plan.paths import block_benchmark
from rnnpipe.settings.job_settings import SecondsJob
from rnnpipe.tables.artifacts import ArtifactError

COLUMNS = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "memory_mb"}


def read_benchmarks(settings: SecondsJob) -> pd.DataFrame:
    """Read the seconds and memory of all blocks' jobs.

    Returns
    -------
    DataFrame
        The columns of the ``seconds`` table. What ran too briefly to be
        measured, or whose measurement was deleted, is NaN.
    """
    rows = []
    for jobs in settings.rules:
        for cohort, seeds in settings.blocks():
            if cohort.task in jobs.tasks and cohort.constraint in jobs.constraints:
                path = block_benchmark(settings.experiment, jobs.rule, cohort, seeds)
                key = {"rule": jobs.rule, **vars(cohort), "seeds": seeds}
                rows.append({**key, "networks": settings.networks[seeds], **_read(path)})
    return pd.DataFrame(rows)


def _read(path: str) -> dict[str, float]:
    try:
        return read_benchmark(path)
    except FileNotFoundError:
        return dict.fromkeys(COLUMNS.values(), float("nan"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArtifactError(f"{path}: is no benchmark file of Snakemake ({reason})") from error


def read_benchmark(path: str | Path) -> dict[str, float]:
    """Read the seconds, CPU seconds and memory in MB of a job; NaN where it ran too briefly.

    If a job ran more than once, the last line counts.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read or is no benchmark file of Snakemake.
    """
    lines = list(csv.reader(Path(path).read_text().splitlines(), delimiter="\t"))
    if len(lines) < 2:
        raise ValueError("holds no line of numbers")
    last = dict(zip(lines[0], lines[-1], strict=True))
    if lacking := COLUMNS.keys() - last.keys():
        raise ValueError(f"lacks the column(s) {', '.join(sorted(lacking))}")
    return {name: _number(last[column]) for column, name in COLUMNS.items()}


def _number(text: str) -> float:
    return float("nan") if text == "-" else float(text)
