"""The commands `check`, `settings`, `schema` and `tasks`: what an experiment file says."""

import re
from pathlib import Path

import click

from rnnpipe.jobs.plain_text import count
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.own_cells import check_own_cells
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Experiment, SettingsError, load_experiment
from rnnpipe.settings.reading.reference import task_page
from rnnpipe.settings.reading.schema_file import schema_text

FILE = click.argument("file", type=click.Path(path_type=Path))
# Commands that are asked again and again take the default experiment if none is named.
FILE_OR_DEFAULT = click.argument(
    "file", type=click.Path(path_type=Path), default="config/config.yaml"
)

# Where experiment files lie, beside results/.
FOLDERS = (Path(), Path("config"))
_NAME = re.compile(r"^experiment:\s*['\"]?([\w-]+)", re.MULTILINE)


@click.command()
@FILE
def check(file: Path) -> None:
    """Check the experiment FILE and list every fault."""
    experiment = load_or_exit(file, cells=True)
    click.echo(f"ok: {size_of(experiment)}")
    warn(experiment)


@click.command()
@FILE
@click.argument("stage")
@click.argument("names", nargs=-1)
def settings(file: Path, stage: str, names: tuple[str, ...]) -> None:
    """Print the settings of one job, to run its script by hand.

    FILE is the experiment, STAGE one of its stages. NAMES select one of the stage's jobs:
    task, model, constraint and seeds as they stand in paths; task and kind for a figure; the
    task for population, distances and statistics.

    \b
        rnnpipe settings config/config.yaml train flipflop tanh64 none 0-3 > train.json
        python scripts/train.py --settings train.json ...
    """
    plan = Plan(load_or_exit(file))
    jobs = plan.jobs()
    if stage not in jobs:
        raise click.BadParameter(
            f"there is no stage {stage!r}; stages are {', '.join(jobs)}", param_hint="'STAGE'"
        )
    if names not in jobs[stage]:
        known = "".join(f"\n  {' '.join(job)}" for job in jobs[stage])
        raise click.BadParameter(
            f"{stage} has no job {' '.join(names)!r}; its jobs are:{known}", param_hint="'NAMES'"
        )
    click.echo(settings_text(plan, stage, *names))


@click.command()
def schema() -> None:
    """Print the JSON schema of experiment files as YAML, for editors and catalogues."""
    click.echo(schema_text(Experiment), nl=False)


@click.command()
def tasks() -> None:
    """Print every kind of task and its keys, as a page in Markdown."""
    click.echo(task_page(), nl=False)


def load_or_exit(file: Path, cells: bool = False) -> Experiment:
    """Load an experiment file; if it has faults, print them and exit with status 1.

    Cells of the user's own are tried if `cells` says so, which takes seconds.
    """
    try:
        experiment = load_experiment(file)
        if cells:
            check_own_cells(experiment)
        return experiment
    except SettingsError as error:
        click.echo(fault_text(file, error), err=True)
        raise SystemExit(1) from None


def fault_text(file: Path, error: SettingsError) -> str:
    """Write the faults of an experiment file; of one that is not there, how to get one."""
    told = SettingsError(error.faults, error.source or str(file))
    if file.exists():
        return str(told)
    return f"{told}\n`rnnpipe init` writes an experiment to begin with."


def size_of(experiment: Experiment) -> str:
    """Say how many networks an experiment has, and in how many cohorts and blocks."""
    cohorts = experiment.cohorts()
    blocks = len(cohorts) * len(experiment.blocks())
    return (
        f"{count(len(cohorts) * len(experiment.seeds), 'network')} "
        f"({count(len(cohorts), 'cohort')} of {count(len(experiment.seeds), 'seed')}) "
        f"in {count(blocks, 'block')}"
    )


def warn(experiment: Experiment) -> None:
    """Print warnings on what is allowed but may not be intended."""
    for warning in experiment.warnings():
        click.echo(f"warning: {warning}", err=True)


def files_naming(experiment: str, *folders: Path) -> list[Path]:
    """Return the files that name an experiment: here, in ``config/``, and in further folders."""
    found = [path for folder in (*FOLDERS, *folders) for path in sorted(folder.glob("*.y*ml"))]
    return [path for path in found if experiment_named(path) == experiment]


def experiment_named(file: Path) -> str | None:
    """Return the name of a file's experiment, whatever else is wrong; None if there is none."""
    match = _NAME.search(_text(file))
    return match[1] if match else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    except OSError:
        return ""
