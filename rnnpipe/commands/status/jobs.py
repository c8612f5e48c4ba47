"""The jobs of an experiment, with the files that tell the progress of each."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from rnnpipe.plan.estimate import JOB_SECONDS, network_costs
from rnnpipe.plan.paths import (
    FIGURE_SUFFIXES,
    FINDINGS_SUFFIXES,
    benchmark_path,
    block_benchmark,
    block_log,
    block_path,
    figure_path,
    findings_path,
    log_path,
    pages_folder,
    population_path,
    scene_folder,
    seconds_path,
)
from rnnpipe.plan.plan import IMPORT, Plan
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings import Cohort

# Population tables that jobs on all networks of a task write.
OF_TASK = {
    "population": ("networks", "missing", "state_machine"),
    "distances": ("distances",),
    "statistics": ("embedding", "statistics", "mantel", "effects"),
}


@dataclass(frozen=True)
class Job:
    """A job of the workflow.

    Attributes
    ----------
    rule, names
        The rule, and the values of its wildcards.
    outputs
        Files that it writes.
    log, benchmark
        What it says, and what Snakemake measures of it.
    seconds
        What it is estimated to take.
    cohort, networks
        Whose networks it works on, and how many; None and 0 for a job on all.
    """

    rule: str
    names: tuple[str, ...]
    outputs: tuple[str, ...]
    log: str
    benchmark: str
    seconds: float = JOB_SECONDS
    cohort: Cohort | None = None
    networks: int = 0

    @property
    def label(self) -> str:
        """Rule and names as on a command line."""
        return " ".join((self.rule, *self.names))


def jobs_of(plan: Plan) -> list[Job]:
    """Return every job of an experiment, in the order of the rules."""
    return [*_block_jobs(plan), *_gathering_jobs(plan)]


def _block_jobs(plan: Plan) -> Iterator[Job]:
    costs = {cohort: network_costs(plan.experiment, cohort) for cohort in plan.cohorts()}
    for stage in STAGES:
        for cohort, block in plan.blocks(stage):
            imported = stage == "train" and plan.experiment.models[cohort.model].imported
            rule, seeds = IMPORT if imported else stage, block.label
            networks = len(block.seeds)
            yield Job(
                rule,
                (*astuple(cohort), seeds),
                tuple(block_path(plan.name, name, cohort, seeds) for name in STAGES[stage].files),
                block_log(plan.name, rule, cohort, seeds),
                block_benchmark(plan.name, stage, cohort, seeds),
                JOB_SECONDS + networks * costs[cohort][rule].core_seconds,
                cohort,
                networks,
            )


def _gathering_jobs(plan: Plan) -> Iterator[Job]:
    for rule, all_names in plan.jobs().items():
        if rule in (*STAGES, IMPORT):
            continue
        for names in all_names:
            yield Job(
                rule,
                names,
                tuple(_gathered(plan.name, rule, names)),
                log_path(plan.name, rule, *names),
                benchmark_path(plan.name, rule, *names),
            )


def _gathered(experiment: str, rule: str, names: tuple[str, ...]) -> Iterator[str]:
    """Return the files of a job on all networks."""
    if rule in OF_TASK:
        yield from (population_path(experiment, table, *names) for table in OF_TASK[rule])
    elif rule == "findings":
        yield from (findings_path(experiment, suffix) for suffix in FINDINGS_SUFFIXES)
    elif rule == "figure":
        yield from (figure_path(experiment, *names, suffix) for suffix in FIGURE_SUFFIXES)
    elif rule == "scene":
        *cohort, part = names
        yield scene_folder(experiment, Cohort(*cohort), part)
    elif rule == "pages":
        yield pages_folder(experiment)
    else:
        yield seconds_path(experiment)
