"""The state of every job of an experiment, read from its files, and the time still needed."""

import os
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from math import isfinite
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rnnpipe.commands.status.jobs import Job, jobs_of
from rnnpipe.jobs.log import JobLog, read_log
from rnnpipe.plan.compared import stale_jobs
from rnnpipe.plan.expected import Expected
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import RULES
from rnnpipe.results.seconds import read_benchmark
from rnnpipe.settings import Cohort


class State(StrEnum):
    """The state of a job."""

    DONE = "done"
    STALE = "stale"
    RUNNING = "running"
    FAILED = "failed"
    WAITING = "waiting"


@dataclass(frozen=True)
class Seen:
    """A job and what its files tell.

    Attributes
    ----------
    job
        The job.
    state
        Its state.
    seconds
        Seconds that it took, or has taken so far; NaN if no file tells.
    log
        Its log, if it runs or failed.
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
        All its jobs.
    solved
        Number of solved networks per cohort, among those whose training is done.
    stale
        Jobs whose files were made otherwise than planned, and what differs in each.
    """

    experiment: str
    jobs: Sequence[Seen]
    solved: dict[Cohort, int]
    stale: dict[tuple[str, ...], list[str]] = field(default_factory=dict)


def state_of(complete: bool, stale: bool, log: JobLog | None, now: float) -> State:
    """Infer the state of a job.

    A job that finished but lacks files waits to be run again.

    Parameters
    ----------
    complete
        Whether all its files exist.
    stale
        Whether these were made otherwise than planned.
    log
        Its log; None if it has none.
    now
        Seconds since the epoch.
    """
    if complete:
        return State.STALE if stale else State.DONE
    if log is None or log.finished:
        return State.WAITING
    return State.RUNNING if log.works(now) else State.FAILED


def read_status(plan: Plan, now: float, expected: Expected | None = None) -> Status:
    """Read how far an experiment is, in the working directory.

    Parameters
    ----------
    plan
        The experiment's jobs and their files.
    now
        Seconds since the epoch.
    expected
        What the files of the plan's jobs say of their making; found by default.
    """
    jobs = jobs_of(plan)
    stale = stale_jobs(expected or Expected(plan))
    # Listing each folder once is cheaper than asking for every file.
    written = _listed(path for job in jobs for path in (job.log, job.benchmark))
    seen = [_seen(job, _is_stale(job, stale), written, now) for job in jobs]
    return Status(plan.name, seen, _solved(plan, seen), stale)


def _is_stale(job: Job, stale: Container[tuple[str, ...]]) -> bool:
    return any((stage.name, *job.names) in stale for stage in RULES[job.rule])


def _listed(paths: Iterable[str]) -> set[str]:
    """Return all files of the folders that the paths lie in."""
    found = set()
    for folder in dict.fromkeys(os.path.dirname(path) for path in paths):
        with suppress(FileNotFoundError), os.scandir(folder) as entries:
            found |= {os.path.join(folder, entry.name) for entry in entries}
    return found


def _seen(job: Job, stale: bool, written: set[str], now: float) -> Seen:
    complete = all(map(os.path.exists, job.outputs))
    log = _log(job.log) if job.log in written and not complete else None
    state = state_of(complete, stale, log, now)
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
    """Read a log; None if Snakemake has removed it since the folder was listed."""
    with suppress(OSError):
        return read_log(Path(path))
    return None


def _solved(plan: Plan, seen: Iterable[Seen]) -> dict[Cohort, int]:
    """Count the solved networks per cohort, by the task's threshold."""
    solved: dict[Cohort, int] = defaultdict(int)
    for one in seen:
        cohort, tables = one.job.cohort, [p for p in one.job.outputs if "/training/" in p]
        if one.state is State.DONE and cohort is not None:
            task = plan.experiment.tasks[cohort.task]
            for path in tables:
                solved[cohort] += sum(map(task.is_solved, _scores(path)))
    return solved


def _scores(path: str) -> list[float]:
    with suppress(OSError):
        return _read_scores(path, os.stat(path).st_mtime_ns)
    return []


@cache
def _read_scores(path: str, changed: int) -> list[float]:
    """Read the scores of networks that did not diverge; again only when the file has changed."""
    # A damaged file fails the jobs that read it, and shows there.
    with suppress(OSError, pa.ArrowException):
        rows = pq.ParquetFile(path).read(columns=["score", "stop_reason"]).to_pylist()
        return [row["score"] for row in rows if row["stop_reason"] != "diverged"]
    return []


def seconds_left(seen: Sequence[Seen]) -> list[float]:
    """Estimate the seconds that each job still needs.

    The estimate of a job is scaled by the ratio of measured to estimated seconds
    of the finished jobs of its rule and cohort; if there are none, of its rule;
    if no job of the rule is finished, it is not scaled.

    Returns
    -------
    list
        One number per job, in their order: 0 for finished jobs; for running jobs
        what remains after the time already taken.
    """
    done = [one for one in seen if one.state is State.DONE and isfinite(one.seconds)]
    by_cohort = _ratios(((one.job.rule, one.job.cohort), one) for one in done)
    by_rule = _ratios((one.job.rule, one) for one in done)

    def left(one: Seen) -> float:
        if one.state is State.DONE:
            return 0.0
        job = one.job
        ratio = by_cohort.get((job.rule, job.cohort), by_rule.get(job.rule, 1.0))
        so_far = one.seconds if one.state is State.RUNNING else 0.0
        return max(ratio * job.seconds - so_far, 0.0)

    return [left(one) for one in seen]


def _ratios(groups: Iterable[tuple[Hashable, Seen]]) -> dict[Hashable, float]:
    """Ratio of measured to estimated seconds per group of jobs."""
    taken: dict[Hashable, float] = {}
    estimated: dict[Hashable, float] = {}
    for key, one in groups:
        taken[key] = taken.get(key, 0.0) + one.seconds
        estimated[key] = estimated.get(key, 0.0) + one.job.seconds
    return {key: taken[key] / estimated[key] for key in taken}
