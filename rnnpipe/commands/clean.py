"""The command `clean`: what a results folder holds that no experiment names any longer."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from rnnpipe.commands.experiment_file import FILE, files_naming, load_or_exit
from rnnpipe.jobs.plain_text import count, table
from rnnpipe.jobs.processes import workflow_runs
from rnnpipe.plan.leftovers import block_name, gone_rules, leftovers
from rnnpipe.plan.paths import experiment_folder
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import SettingsError, load_experiment
from rnnpipe.tables.partial import remove


@click.command()
@FILE
@click.option("--yes", is_flag=True, help="Remove them without asking.")
def clean(file: Path, yes: bool) -> None:
    """List results of blocks that no experiment names, and remove them if asked.

    Looked for are the tables, pictures, logs and checkpoints in the results folder of the
    experiment FILE. Other files here, in config/ or beside FILE that name the same experiment
    share the folder: what one of them names is kept. Figures and tables of all networks are kept,
    too; a run makes them anew where they change. Of blocks that are named, logs, measurements and
    checkpoints of rules that there are no longer are listed and removed, too.
    """
    plan = Plan(load_or_exit(file))
    root = Path(experiment_folder(plan.name))
    files, plans = [file], [plan]
    for other in files_naming(plan.name, file.parent):
        if other.resolve() not in [known.resolve() for known in files]:
            plans.append(_plan_of(other))
            files.append(other)
    looked = " or ".join(map(str, files))
    plans = [one for one in plans if one.name == plan.name]
    blocks, rules = leftovers(plans, root), gone_rules(plans, root)
    if not blocks and not rules:
        click.echo(f"{root} holds no block that {looked} does not name.")
        return
    named = {block_name(block): paths for block, paths in blocks.items()}
    _list(f"{root} holds {count(len(blocks), 'block')} not named by {looked}:", named)
    _list(f"{root} holds files of {count(len(rules), 'rule')} that there are no longer:", rules)
    if workflow_runs():
        raise click.ClickException("a workflow runs here; nothing is removed while it does")
    if not yes and not sys.stdin.isatty():
        click.echo("Nothing is removed; --yes does.")
        return
    if yes or click.confirm("Remove them?"):
        _remove([path for of in (blocks, rules) for paths in of.values() for path in paths], root)


def _plan_of(file: Path) -> Plan:
    try:
        return Plan(load_experiment(file))
    except SettingsError as error:
        raise click.ClickException(
            f"{file} names the same experiment and has faults ({error.faults[0]}): which blocks "
            "it names cannot be told; mend or remove it"
        ) from None


def _list(title: str, found: Mapping[str, list[Path]]) -> None:
    """Print what was found, by name, with its files and their size."""
    if found:
        click.echo(title)
        click.echo(table([_row(name, paths) for name, paths in found.items()], numbers=2))


def _row(name: str, paths: Iterable[Path]) -> list[str]:
    files = [file for path in paths for file in _files(path)]
    size = sum(file.lstat().st_size for file in files)
    return [f"  {name}", count(len(files), "file"), f"{size / 1e6:.1f} MB"]


def _files(path: Path) -> list[Path]:
    if path.is_symlink() or not path.is_dir():
        return [path]
    return [file for file in path.rglob("*") if not file.is_dir()]


def _remove(paths: list[Path], root: Path) -> None:
    """Remove files and folders, and the folders above them that are empty then."""
    for path in paths:
        remove(path)
        for folder in path.parents:
            if folder == root or any(folder.iterdir()):
                break
            folder.rmdir()
    if kept := [path for path in paths if path.exists()]:
        raise click.ClickException(f"{kept[0]} cannot be removed, one of {len(kept)}")
    click.echo(f"removed: {count(len(paths), 'file or folder')}")
