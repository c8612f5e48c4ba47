"""The command `describe`: what an experiment will train, run and cost."""

from pathlib import Path
from textwrap import fill

import click

from rnnpipe.commands.experiment_file import FILE, load_or_exit, size_of, warn
from rnnpipe.jobs.plain_text import duration, table
from rnnpipe.plan.block_advice import block_advice
from rnnpipe.plan.estimate import JOB_SECONDS, experiment_seconds, network_seconds
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import processes
from rnnpipe.settings import Cohort, Experiment

ASSUMPTIONS = f"""\
Estimated with one constant per stage, for networks of 64 units and every core busy: good to tell
an hour from a day. Work grows with the units, that of large networks with the square of the units;
a job starts in {JOB_SECONDS:g} s."""
WIDTH = 90


@click.command()
@FILE
def describe(file: Path) -> None:
    """Show what the experiment FILE will train, run and cost."""
    experiment = load_or_exit(file, cells=True)
    jobs = {rule: len(names) for rule, names in processes(Plan(experiment).jobs()).items()}
    click.echo(f"experiment {experiment.name}: {size_of(experiment)}")
    click.echo(f"blocks of each cohort: {_blocks(experiment)}\n")
    click.echo(table(_cohort_rows(experiment), numbers=3))
    click.echo()
    click.echo(table(_rule_rows(experiment, jobs), numbers=2))
    click.echo(f"\n{ASSUMPTIONS}")
    if advice := block_advice(experiment):
        click.echo(f"\n{fill(advice, WIDTH)}")
    warn(experiment)


def _blocks(experiment: Experiment) -> str:
    """Name the first and the last block, and count the blocks."""
    labels = [block.label for block in experiment.blocks()]
    return labels[0] if len(labels) == 1 else f"{labels[0]} .. {labels[-1]} ({len(labels)})"


def _cohort_rows(experiment: Experiment) -> list[list[str]]:
    rows = [["task", "model", "constraint", "networks", "steps", "training/network"]]
    for cohort in experiment.cohorts():
        names = [cohort.task, cohort.model, cohort.constraint]
        rows.append([*names, str(len(experiment.seeds)), *_training(experiment, cohort)])
    return rows


def _training(experiment: Experiment, cohort: Cohort) -> tuple[str, str]:
    """Training steps, and training time per network."""
    if experiment.models[cohort.model].imported:
        return "imported", "-"
    steps = experiment.training_for(cohort.task, cohort.model).steps
    return str(steps), duration(network_seconds(experiment, cohort)["train"])


def _rule_rows(experiment: Experiment, jobs: dict[str, int]) -> list[list[str]]:
    seconds = experiment_seconds(experiment, jobs)
    total = ["total", str(sum(jobs.values())), duration(sum(seconds.values()))]
    rows = [[rule, str(count), duration(seconds[rule])] for rule, count in jobs.items() if count]
    return [["rule", "jobs", "core time"], *rows, total]
