"""A run from its checks to its closing words."""

import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from rnnpipe.commands.experiment_file import fault_text, size_of, warn
from rnnpipe.commands.run.arguments import Asked, asked
from rnnpipe.commands.run.closing import closing_text
from rnnpipe.commands.run.course import Course
from rnnpipe.commands.run.display import shown
from rnnpipe.commands.run.events import listen, take
from rnnpipe.commands.run.execution import interrupts, output_to, run_snakemake
from rnnpipe.commands.status.jobs import jobs_of
from rnnpipe.plan.missing import missing_blocks
from rnnpipe.plan.paths import experiment_folder
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import SettingsError

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
# Said by Snakemake of targets that no rule makes.
_NO_SUCH_TARGET = ("MissingRuleException", "TargetFileException")


def run_experiment(
    file: Path, targets: Sequence[str], cores: int | None, options: Sequence[str]
) -> int:
    """Run an experiment, show how it goes, and return the exit status."""
    wanted = asked(file, targets, cores, options)
    folder = wanted.enter_folder()
    try:
        plan = wanted.plan()
    except SettingsError as error:
        click.echo(fault_text(file, error), err=True)
        return WRONG
    if not wanted.runs_jobs:
        return DONE if run_snakemake(wanted) else FAILED
    click.echo(f"{plan.name}: {size_of(plan.experiment)}")
    warn(plan.experiment)
    log = _log(plan)
    click.echo(f"Snakemake's log: {folder / log}")
    try:
        return _shown_run(wanted, plan, folder, log)
    except KeyboardInterrupt:
        return INTERRUPTED


def _shown_run(wanted: Asked, plan: Plan, folder: Path, log: Path) -> int:
    began, course = time.monotonic(), Course(seconds=_seconds(plan))
    succeeded = False
    listen(wanted.values, partial(take, course))
    with output_to(log) as terminal, interrupts(course.stop):
        console = Console(file=terminal, highlight=False)
        with shown(console, course):
            try:
                succeeded = run_snakemake(wanted)
                if not succeeded and _goes_on(wanted, plan, course):
                    console.print("Going on without the networks whose jobs failed.")
                    course.follow_up()
                    wanted.skip()
                    run_snakemake(wanted)
            except KeyboardInterrupt:
                course.stop()
    seconds = time.monotonic() - began
    click.echo(closing_text(plan, course, succeeded, folder, folder / log, seconds))
    if course.stopped:
        return INTERRUPTED
    if any(name in _NO_SUCH_TARGET for name, _ in course.errors):
        return WRONG
    return DONE if succeeded else FAILED


def _goes_on(wanted: Asked, plan: Plan, course: Course) -> bool:
    """Return whether tables and figures can be made without what failed."""
    if course.stopped or not course.failures or wanted.skips or wanted.names_files:
        return False
    return len(missing_blocks(plan)) < len(plan.blocks("train"))


def _seconds(plan: Plan) -> dict[str, float]:
    """Estimate the seconds of a job of each rule."""
    known: dict[str, list[float]] = {}
    for job in jobs_of(plan):
        known.setdefault(job.rule, []).append(job.seconds)
    return {rule: sum(seconds) / len(seconds) for rule, seconds in known.items()}


def _log(plan: Plan) -> Path:
    """Name a file for what Snakemake prints, one per run."""
    now = datetime.now().strftime("%Y-%m-%dT%H-%M-%S")
    return Path(experiment_folder(plan.name), "logs", "snakemake", f"{now}.log")
