"""The command `init`: an experiment to begin with, or one of those that are shipped."""

from pathlib import Path

import click

from rnnpipe.commands.experiment_file import experiment_named
from rnnpipe.jobs.plain_text import table
from rnnpipe.plan.shipped import config_folder
from rnnpipe.tables.artifacts import ArtifactError, write_bytes

FIRST = "first"
# Tells editors where the schema lies, which is not copied.
_SCHEMA_LINE = "# yaml-language-server:"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--list", "lists", is_flag=True, help="List the shipped experiments.")
@click.option("--from", "name", default=FIRST, show_default=True, help="Experiment to copy.")
def init(folder: Path, lists: bool, name: str) -> None:
    """Write an experiment to begin with into FOLDER, by default the current one."""
    known = shipped_experiments()
    if lists:
        click.echo(table([[name, about(path)] for name, path in known.items()], numbers=0))
        return
    if name not in known:
        raise click.BadParameter(
            f"there is no experiment {name!r}; there are {', '.join(known)}", param_hint="'--from'"
        )
    file = folder / f"{name}.yaml"
    if file.exists():
        raise click.ClickException(f"{file} is there already; nothing was written")
    try:
        write_bytes(file, copied_text(known[name]).encode())
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {about(known[name])}\n")
    click.echo(
        table(
            [
                [f"    rnnpipe check {file}", "names every mistake in it"],
                [f"    rnnpipe describe {file}", "says what it will run, and for how long"],
                [f"    rnnpipe run {file}", "runs it, to its figures"],
            ],
            numbers=0,
        )
    )


def shipped_experiments() -> dict[str, Path]:
    """Return the files of the shipped experiments by their names, the first one first."""
    found = {experiment_named(path): path for path in sorted(config_folder().glob("*.yaml"))}
    return {FIRST: found.pop(FIRST), **found}


def about(file: Path) -> str:
    """Return the sentence that begins the comment of an experiment file."""
    lines = [
        line.removeprefix("#").strip()
        for line in copied_text(file).split("\n\n")[0].splitlines()
        if line.startswith("#")
    ]
    return " ".join(lines[: lines.index("")] if "" in lines else lines)


def copied_text(file: Path) -> str:
    """Return an experiment file as it is copied: without what holds only where it is shipped."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_SCHEMA_LINE))
