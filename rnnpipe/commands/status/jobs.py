"""The jobs of an experiment, with the files that tell the progress of each."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from rnnpipe.plan.estimate import JOB_SECONDS, network_seconds
from rnnpipe.plan.paths import (
    benchmark_path,
    block_benchmark,
    block_log,
    log_path,
    rule_outputs,
)
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import RULES, processes
from rnnpipe.plan.stages import BLOCK, IMPORT
from rnnpipe.settings import Cohort


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
    taken = {cohort: network_seconds(plan.experiment, cohort) for cohort in plan.cohorts()}
    for own, cohort, block in plan.block_jobs():
        imported = own == "train" and plan.imports(cohort)
        rule, seeds = IMPORT if imported else own, block.label
        networks = len(block.seeds)
        yield Job(
            rule,
            (*astuple(cohort), seeds),
            tuple(rule_outputs(plan.name, rule, *astuple(cohort), seeds).values()),
            block_log(plan.name, rule, cohort, seeds),
            block_benchmark(plan.name, own, cohort, seeds),
            JOB_SECONDS + networks * taken[cohort][rule],
            cohort,
            networks,
        )


def _gathering_jobs(plan: Plan) -> Iterator[Job]:
    for rule, all_names in processes(plan.jobs()).items():
        if RULES[rule][0].wildcards == BLOCK:
            continue
        for names in all_names:
            yield Job(
                rule,
                names,
                tuple(rule_outputs(plan.name, rule, *names).values()),
                log_path(plan.name, rule, *names),
                benchmark_path(plan.name, rule, *names),
            )
