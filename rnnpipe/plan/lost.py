"""Deleted measurements of finished jobs: no job is repeated for the sake of one."""

import os
from dataclasses import astuple

from rnnpipe.plan.paths import output_paths
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.settings import Block, Cohort


def measured_jobs(plan: Plan) -> list[str]:
    """Return the paths of Snakemake's measurements of every block's job, but for lost ones.

    No job that is done is repeated for the sake of its measurement.
    """
    jobs = ((stage, *job) for stage in BLOCK_STAGES for job in plan.blocks(stage))
    return [
        path
        for path, job in zip(plan.benchmarks(), jobs, strict=True)
        if os.path.exists(path) or not _is_done(plan, *job)
    ]


def _is_done(plan: Plan, stage: str, cohort: Cohort, block: Block) -> bool:
    files = output_paths(plan.name, stage, *astuple(cohort), block.label).values()
    return all(map(os.path.exists, files))
