"""What the files of an experiment tell of each of its jobs."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rnnpipe.commands.status.jobs import Job, jobs_of
from rnnpipe.jobs.benchmark import read_benchmark
from rnnpipe.jobs.log import JobLog, read_log
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Cohort
from rnnpipe.tasks import make_task


class State(StrEnum):
    """What has become of a job."""

    DONE = "done"
    RUNNING = "running"
    FAILED = "failed"
    WAITING = "waiting"


@dataclass(frozen=True)
class Seen:
    """A job, and what is on disk of it.

    Attributes
    ----------
    job
        The job.
    state
        What has become of it.
    seconds
        What it took, or has taken so far; NaN where nothing says so.
    log
        Its log, of a job that runs or failed.
    """

    job: Job
    state: State
    seconds: float
    log: JobLog | None = None


@dataclass(frozen=True)
class Status:
    """How far an experiment is.

    Attributes
    ----------
    experiment
        Its name.
    jobs
        Every job.
    solved
        Solved networks of every cohort, among those whose training is done.
    """

    experiment: str
    jobs: Sequence[Seen]
    solved: dict[Cohort, int]


def state_of(complete: bool, log: JobLog | None, now: float) -> State:
    """What has become of a job.

    Parameters
    ----------
    complete
        Whether all its files are there.
    log
        Its log; None if it has none.
    now
        Seconds since the epoch.

    Returns
    -------
    State
        A job that finished and whose files are gone waits to be run again.
    """
    if complete:
        return State.DONE
    if log is None or log.finished:
        return State.WAITING
    return State.RUNNING if log.works(now) else State.FAILED


def read_status(plan: Plan, now: float) -> Status:
    """Read how far an experiment is, in the working directory.

    Parameters
    ----------
    plan
        Its jobs and their files.
    now
        Seconds since the epoch.
    """
    jobs = jobs_of(plan)
    # One listing of a folder instead of a question for every job.
    written = _listed(path for job in jobs for path in (job.log, job.benchmark))
    seen = [_seen(job, written, now) for job in jobs]
    return Status(plan.name, seen, _solved(plan, seen))


def _listed(paths: Iterable[str]) -> set[str]:
    """Files of the folders that the paths lie in."""
    found = set()
    for folder in dict.fromkeys(os.path.dirname(path) for path in paths):
        with suppress(FileNotFoundError), os.scandir(folder) as entries:
            found |= {os.path.join(folder, entry.name) for entry in entries}
    return found


def _seen(job: Job, written: set[str], now: float) -> Seen:
    complete = all(map(os.path.exists, job.outputs))
    log = _log(job.log) if job.log in written and not complete else None
    state = state_of(complete, log, now)
    if state is State.RUNNING:
        since = log.since if log.since is not None else log.touched
        return Seen(job, state, max(now - since, 0.0), log)
    seconds = float("nan")
    if complete and job.benchmark in written:
        # Snakemake may be writing it at this moment.
        with suppress(OSError, ValueError):
            seconds = read_benchmark(job.benchmark)["seconds"]
    return Seen(job, state, seconds, log)


def _log(path: str) -> JobLog | None:
    """A log, if Snakemake has not removed it since the folder was listed."""
    with suppress(OSError):
        return read_log(Path(path))
    return None


def _solved(plan: Plan, seen: Iterable[Seen]) -> dict[Cohort, int]:
    """Solved networks of every cohort, by the task's threshold."""
    tasks = {name: make_task(plan.experiment.tasks[name].definition()) for name in plan.tasks()}
    solved: dict[Cohort, int] = defaultdict(int)
    for one in seen:
        cohort, tables = one.job.cohort, [p for p in one.job.outputs if "/training/" in p]
        if one.state is State.DONE and cohort is not None:
            for path in tables:
                solved[cohort] += sum(map(tasks[cohort.task].is_solved, _scores(path)))
    return solved


def _scores(path: str) -> list[float]:
    with suppress(OSError):
        return _read_scores(path, os.stat(path).st_mtime_ns)
    return []


@cache
def _read_scores(path: str, changed: int) -> list[float]:
    """Scores of a file, read once for all who ask again while it is the same."""
    # What is damaged fails the jobs that read it, and shows there.
    with suppress(OSError, pa.ArrowException):
        return pq.ParquetFile(path).read(columns=["score"])["score"].to_pylist()
    return []
