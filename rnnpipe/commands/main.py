"""The `rnnpipe` command: a group of commands for people.

Importing it imports neither torch nor pandas, pyarrow or matplotlib: a command
that needs one of these imports it when it runs.
"""

import click

from rnnpipe import __version__
from rnnpipe.commands.describe import describe
from rnnpipe.commands.experiment_file import check, schema, settings, tasks
from rnnpipe.commands.movie import movie
from rnnpipe.commands.status import status
from rnnpipe.commands.tables import tables
from rnnpipe.commands.view import view
from rnnpipe.commands.watch import watch


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Populations of recurrent networks, their fixed points and their figures."""


for command in (check, describe, settings, schema, tasks, tables, status, watch, view, movie):
    main.add_command(command)
