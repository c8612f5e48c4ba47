"""The command `describe`: what an experiment will train, run and cost."""

from pathlib import Path

import click

from rnnpipe.commands.experiment_file import FILE, load_or_exit, size_of, warn
from rnnpipe.jobs.plain_text import duration, size, table
from rnnpipe.plan.estimate import JOB_SECONDS, estimate_costs, network_costs
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Cohort, Experiment
from rnnpipe.settings.costs import TRAINING_SECONDS, Cost

ASSUMPTIONS = f"""\
Assumed: every core busy, one per job; training {1000 * TRAINING_SECONDS:g} ms per step for 64
units, 64 trials and 50 time steps, growing with the square of the units; {JOB_SECONDS:g} s to
start a job; files before compression."""


@click.command()
@FILE
def describe(file: Path) -> None:
    """Show what the experiment FILE will train, run and cost."""
    experiment = load_or_exit(file)
    jobs = {rule: len(names) for rule, names in Plan(experiment).jobs().items()}
    click.echo(f"experiment {experiment.name}: {size_of(experiment)}\n")
    click.echo(table(_cohort_rows(experiment), numbers=4))
    click.echo()
    click.echo(table(_rule_rows(estimate_costs(experiment, jobs)), numbers=3))
    click.echo(f"\n{ASSUMPTIONS}")
    warn(experiment)


def _cohort_rows(experiment: Experiment) -> list[list[str]]:
    rows = [["task", "model", "constraint", "networks", "blocks", "steps", "training/network"]]
    for cohort in experiment.cohorts():
        names = [cohort.task, cohort.model, cohort.constraint]
        counts = [str(len(experiment.seeds)), _blocks(experiment, cohort)]
        rows.append([*names, *counts, *_training(experiment, cohort)])
    return rows


def _blocks(experiment: Experiment, cohort: Cohort) -> str:
    """Name the first and the last block, and count the blocks."""
    labels = [block.label for block in experiment.blocks(cohort)]
    return labels[0] if len(labels) == 1 else f"{labels[0]} .. {labels[-1]} ({len(labels)})"


def _training(experiment: Experiment, cohort: Cohort) -> tuple[str, str]:
    """Training steps, and training time per network."""
    if experiment.models[cohort.model].imported:
        return "imported", "-"
    steps = experiment.training_for(cohort.task, cohort.model).steps
    return str(steps), duration(network_costs(experiment, cohort)["train"].core_seconds)


def _rule_rows(costs: dict[str, Cost]) -> list[list[str]]:
    total = sum(costs.values(), Cost())
    return [
        ["rule", "jobs", "core time", "disk"],
        *(
            [rule, str(cost.jobs), duration(cost.core_seconds), size(cost.disk_bytes)]
            for rule, cost in {**costs, "total": total}.items()
        ),
    ]
