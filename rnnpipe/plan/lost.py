"""Measurements of jobs, of which some may be lost: no finished job is repeated for one."""

import os
from collections.abc import Iterator
from dataclasses import astuple
from itertools import compress

from rnnpipe.jobs.results_root import results_in
from rnnpipe.plan.paths import block_benchmark, rule_outputs
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Block, Cohort


def measured_jobs(plan: Plan, results: str) -> list[str]:
    """Return the paths of Snakemake's measurements of every block's job, but for lost ones.

    No job that is done is repeated for the sake of its measurement.

    Parameters
    ----------
    plan
        The experiment's jobs and their files.
    results
        The folder in which files are looked for; the paths are as rules name them.
    """
    with results_in(results):
        kept = list(_kept(plan))
    return list(compress(benchmarks(plan), kept))


def benchmarks(plan: Plan) -> list[str]:
    """Return the paths of Snakemake's measurements of every block's job, there or not."""
    return [
        block_benchmark(plan.name, rule, cohort, block.label)
        for rule, cohort, block in plan.block_jobs()
    ]


def _kept(plan: Plan) -> Iterator[bool]:
    """Yield for every block's job whether its measurement is there or will be."""
    for path, job in zip(benchmarks(plan), plan.block_jobs(), strict=True):
        yield os.path.exists(path) or not _is_done(plan, *job)


def _is_done(plan: Plan, rule: str, cohort: Cohort, block: Block) -> bool:
    files = rule_outputs(plan.name, rule, *astuple(cohort), block.label).values()
    return all(map(os.path.exists, files))
