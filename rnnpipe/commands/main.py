"""The `rnnpipe` command: what an experiment file means, before anything runs."""

import time
from pathlib import Path

import click

from rnnpipe import __version__
from rnnpipe.commands.view import movie, view
from rnnpipe.jobs.plain_text import count, duration, size, table
from rnnpipe.plan.estimate import JOB_SECONDS, estimate_costs, network_costs
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Cohort, Experiment, SettingsError, load_experiment
from rnnpipe.settings.costs import TRAINING_SECONDS, Cost
from rnnpipe.settings.reading.schema import schema_text

ASSUMPTIONS = f"""\
Assumed: every core busy, one per job; training {1000 * TRAINING_SECONDS:g} ms per step for 64
units, 64 trials and 50 time steps, growing with the square of the units; {JOB_SECONDS:g} s to
start a job; files before compression."""

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Populations of recurrent networks, their fixed points and their figures."""


main.add_command(view)
main.add_command(movie)


@main.command()
@_FILE
def check(file: Path) -> None:
    """Check an experiment FILE; list every fault."""
    experiment = _load(file)
    click.echo(f"ok: {_size(experiment)}")
    for warning in experiment.warnings():
        click.echo(f"warning: {warning}", err=True)


@main.command()
@_FILE
def describe(file: Path) -> None:
    """Show what an experiment FILE will train, run, and cost."""
    experiment = _load(file)
    costs = estimate_costs(experiment, _counts(Plan(experiment)))
    click.echo(f"experiment {experiment.name}: {_size(experiment)}\n")
    click.echo(table(_cohort_rows(experiment), numbers=4))
    click.echo()
    click.echo(table(_rule_rows(costs), numbers=3))
    click.echo(f"\n{ASSUMPTIONS}")
    for warning in experiment.warnings():
        click.echo(f"warning: {warning}", err=True)


@main.command()
@_FILE
@click.argument("rule")
@click.argument("names", nargs=-1)
def settings(file: Path, rule: str, names: tuple[str, ...]) -> None:
    """Print the settings of one job, for running its script by hand.

    FILE is an experiment, RULE a rule of the workflow, which its script is named
    after, and NAMES say which of its jobs: task, model, constraint and seeds as
    they stand in paths; task and kind for a figure; the task for the population,
    distances and statistics.

    \b
        rnnpipe settings config/config.yaml train flipflop tanh64 none 0-3 > train.json
        python scripts/train.py --settings train.json ...
    """
    plan = Plan(_load(file))
    jobs = plan.jobs()
    if rule not in jobs:
        raise click.BadParameter(f"{rule!r} is none of {', '.join(jobs)}", param_hint="'RULE'")
    if names not in jobs[rule]:
        known = "".join(f"\n  {' '.join(job)}" for job in jobs[rule])
        raise click.BadParameter(
            f"{rule} has no job {' '.join(names)!r}; its jobs are:{known}", param_hint="'NAMES'"
        )
    click.echo(plan.job_settings(rule, names))


@main.command()
@click.argument("file", type=click.Path(path_type=Path), default="config/config.yaml")
def status(file: Path) -> None:
    """Show how far the experiment FILE is: done, running, failed, solved, time spent and left.

    Reads what lies under results/ alone, so that it may be asked at any time, on any machine
    that sees the files. Done means that a job's files are there; what a change of settings
    repeats is what `snakemake --dry-run` tells.
    """
    # Arrow takes as long to import as all else together; no other command needs it.
    from rnnpipe.commands.status import page, read_status

    click.echo(page(read_status(Plan(_load(file)), time.time())))


@main.command()
@click.argument("file", type=click.Path(path_type=Path), default="config/config.yaml")
@click.option(
    "--figures/--no-figures",
    default=True,
    show_default=True,
    help="Draw the losses so far whenever a block has trained, under results/<experiment>/live/.",
)
def watch(file: Path, figures: bool) -> None:
    """Show the experiment FILE at work: losses of what trains, what is done, what failed.

    Beside a running workflow, in a terminal of its own, until that ends or Ctrl-C; where there
    is no terminal, plain lines now and then. Reads what lies under results/ alone. Ends with 1
    if the workflow ended before all was done.
    """
    from rich.console import Console

    from rnnpipe.commands.watch import watch as watch_plan

    try:
        done = watch_plan(Plan(_load(file)), Console(), figures)
    except KeyboardInterrupt:
        click.echo("No longer watching; a workflow that runs goes on.")
        return
    if not done:
        click.echo("The workflow ended, and not all jobs are done.", err=True)
        raise SystemExit(1)


@main.command()
def schema() -> None:
    """Print the JSON schema of experiment files, for editors."""
    click.echo(schema_text(Experiment), nl=False)


def _load(file: Path) -> Experiment:
    try:
        return load_experiment(file)
    except SettingsError as error:
        click.echo(error, err=True)
        raise SystemExit(1) from None


def _counts(plan: Plan) -> dict[str, int]:
    return {rule: len(jobs) for rule, jobs in plan.jobs().items()}


def _size(experiment: Experiment) -> str:
    cohorts = experiment.cohorts()
    blocks = sum(len(experiment.blocks(cohort)) for cohort in cohorts)
    return (
        f"{count(len(cohorts) * len(experiment.seeds), 'network')} "
        f"({count(len(cohorts), 'cohort')} of {count(len(experiment.seeds), 'seed')}) "
        f"in {count(blocks, 'block')}"
    )


def _cohort_rows(experiment: Experiment) -> list[list[str]]:
    rows = [["task", "model", "constraint", "networks", "blocks", "steps", "training/network"]]
    for cohort in experiment.cohorts():
        names = [cohort.task, cohort.model, cohort.constraint]
        counts = [str(len(experiment.seeds)), _blocks(experiment, cohort)]
        rows.append([*names, *counts, *_training(experiment, cohort)])
    return rows


def _blocks(experiment: Experiment, cohort: Cohort) -> str:
    """Labels of the first and the last block, and how many there are."""
    labels = [block.label for block in experiment.blocks(cohort)]
    return labels[0] if len(labels) == 1 else f"{labels[0]} .. {labels[-1]} ({len(labels)})"


def _training(experiment: Experiment, cohort: Cohort) -> tuple[str, str]:
    """Steps, and time for one network."""
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
