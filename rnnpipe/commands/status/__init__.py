"""The command `status`: how far an experiment is, read from its files alone."""

import time
from pathlib import Path

import click

from rnnpipe.commands.experiment_file import FILE_OR_DEFAULT, load_or_exit
from rnnpipe.plan.plan import Plan


@click.command()
@FILE_OR_DEFAULT
def status(file: Path) -> None:
    """Show how far the experiment FILE is.

    It shows what is done, running and failed, solved networks, time spent and time left. The
    command reads only files under results/, so it may be run at any time, on any machine
    that sees them. A job is done when all its files exist and say that they were made with the
    settings, by the code and from the files of this experiment; otherwise they are stale, and
    the next run makes them anew.
    """
    from rnnpipe.commands.status.page import page
    from rnnpipe.commands.status.state import read_status

    click.echo(page(read_status(Plan(load_or_exit(file)), time.time())))
