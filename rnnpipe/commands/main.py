"""The `rnnpipe` command: a group of commands for people.

Importing it imports neither torch nor pandas, pyarrow or matplotlib: a command
that needs one of these imports it when it runs.
"""

import click

from rnnpipe import __version__
from rnnpipe.commands.clean import clean
from rnnpipe.commands.describe import describe
from rnnpipe.commands.experiment_file import check, schema, settings, tasks
from rnnpipe.commands.init import init
from rnnpipe.commands.movie import movie
from rnnpipe.commands.run import run
from rnnpipe.commands.status import status
from rnnpipe.commands.tables import tables
from rnnpipe.commands.view import view
from rnnpipe.commands.watch import watch

COMMANDS = (
    init,
    check,
    describe,
    run,
    status,
    watch,
    view,
    movie,
    clean,
    settings,
    schema,
    tasks,
    tables,
)
FIRST_WORDS = """\
rnnpipe trains populations of recurrent networks from one YAML file, finds their fixed points and
draws figures that compare them. To begin:

    rnnpipe init              writes first.yaml, a small experiment with comments
    rnnpipe run first.yaml    runs it, to its figures
    rnnpipe --help            names all commands"""


class _InOrder(click.Group):
    """A group that lists its commands in the order in which they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder, invoke_without_command=True)
@click.version_option(__version__)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Populations of recurrent networks, their fixed points and their figures."""
    if ctx.invoked_subcommand is None:
        click.echo(FIRST_WORDS)


for command in COMMANDS:
    main.add_command(command)
