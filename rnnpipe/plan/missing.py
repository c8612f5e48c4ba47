"""What has no results since a job died."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path

from rnnpipe.faults import Fault
from rnnpipe.jobs.log import read_log
from rnnpipe.plan.paths import block_log, log_path, output_paths, rule_outputs
from rnnpipe.plan.plan import Job, Plan
from rnnpipe.plan.stages import BLOCK, IMPORT, STAGES
from rnnpipe.plan.words import MISSING, SKIP
from rnnpipe.settings import Cohort, SettingsError
from rnnpipe.settings.members import MissingBlock

SHOWN = 10


def missing_blocks(plan: Plan) -> tuple[MissingBlock, ...]:
    """Return the blocks of a plan that lack a file of some job, in the plan's order."""
    first: dict[tuple[Cohort, str], MissingBlock] = {}
    for rule, cohort, block in plan.block_jobs():
        key = (cohort, block.label)
        if key not in first and not all(
            Path(path).is_file()
            for path in rule_outputs(plan.name, rule, *astuple(cohort), block.label).values()
        ):
            imported = rule == "train" and plan.imports(cohort)
            log = block_log(plan.name, IMPORT if imported else rule, *key)
            networks = len(block.seeds)
            first[key] = MissingBlock(
                **vars(cohort), seeds=block.label, networks=networks, stage=rule, log=log
            )
    every = ((cohort, block.label) for cohort, block in plan.blocks("train"))
    return tuple(first[key] for key in every if key in first)


def failed_jobs(plan: Plan) -> tuple[Job, ...]:
    """Return the jobs of a plan on more than a block that were started and left no files.

    A job that runs has not failed, nor has one that came to its end: somebody removed its files.
    """
    return tuple(
        (rule, names)
        for rule, jobs in plan.jobs().items()
        if STAGES[rule].wildcards != BLOCK
        for names in jobs
        if not all(map(os.path.exists, output_paths(plan.name, rule, *names).values()))
        and _ended_early(Path(log_path(plan.name, rule, *names)))
    )


def _ended_early(log: Path) -> bool:
    with suppress(OSError):
        read = read_log(log)
        return not read.finished and not read.works(time.time())
    return False


def without_missing(plan: Plan) -> Plan:
    """Return the plan without blocks that lack files and jobs that failed; `plan` if all is well.

    Raises
    ------
    SettingsError
        If that leaves nothing.
    """
    missing = missing_blocks(plan)
    if len(missing) == len(plan.blocks("train")):
        message = f"{SKIP} leaves nothing: no block has all its files yet"
        raise SettingsError([Fault(MISSING, message)])
    rest = replace(plan, missing=missing) if missing else plan
    failed = failed_jobs(rest)
    return replace(rest, failed=failed) if failed else rest


def failure_text(missing: Iterable[MissingBlock], jobs: Iterable[Job], experiment: str) -> str:
    """Say what has failed, where the logs lie, and how to go on; "" if nothing has.

    Blocks that no job has been started for are only counted.
    """
    missing, jobs = list(missing), list(jobs)
    if not missing and not jobs:
        return ""
    failed = [failed_at(block) for block in missing if Path(block.log).is_file()]
    lines = _listed("Blocks without all their results", failed, len(missing))
    lines += _listed("Other jobs that failed", failed_texts(jobs, experiment), len(jobs))
    lines += [
        "The same command again tries these alone.",
        f"With --config {MISSING}={SKIP} beside it, tables and figures are made of all others.",
    ]
    return "\n".join(lines)


def _listed(what: str, texts: list[str], count: int) -> list[str]:
    """Return a heading with a count and the first texts; nothing if the count is 0."""
    if not count:
        return []
    shown = texts[:SHOWN]
    more = [f"  and {count - len(shown)} more"] if count > len(shown) else []
    return [f"{what}: {count}.", *(f"  {text}" for text in shown), *more]


def failed_texts(jobs: Iterable[Job], experiment: str) -> list[str]:
    """Write the names of jobs, their stages, and the logs that may tell why they failed."""
    return [
        f"{' '.join((*names, 'ended at', rule) if names else (rule, 'ended early'))}: "
        f"{log_path(experiment, rule, *names)}"
        for rule, names in jobs
    ]


def failed_at(block: MissingBlock) -> str:
    """Write a block, the job that left no files, and the log that may tell why."""
    names = " ".join(vars(block.cohort).values())
    return f"{names} {block.seeds} ended at {block.stage}: {block.log}"
