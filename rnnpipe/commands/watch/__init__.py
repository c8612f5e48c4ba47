"""The command `watch`: how far an experiment is and what trains now, until the workflow ends."""

from pathlib import Path

import click

from rnnpipe.commands.experiment_file import FILE_OR_DEFAULT, load_or_exit
from rnnpipe.plan.plan import Plan


@click.command()
@FILE_OR_DEFAULT
@click.option(
    "--figures/--no-figures",
    default=True,
    show_default=True,
    help="Draw the losses so far whenever a block has trained, under results/<experiment>/live/.",
)
def watch(file: Path, figures: bool) -> None:
    """Watch the experiment FILE at work.

    It shows the losses of blocks that train, and the jobs that are done or failed. Run it
    beside the workflow, in a terminal of its own, until the workflow ends or Ctrl-C; without a
    terminal it prints plain lines from time to time. The command reads only files under
    results/. Its exit status is 1 if the workflow ended before all jobs were done.
    """
    from rich.console import Console

    from rnnpipe.commands.watch.loop import watch_plan

    try:
        done = watch_plan(Plan(load_or_exit(file)), Console(), figures)
    except KeyboardInterrupt:
        click.echo("No longer watching; a workflow that runs goes on.")
        return
    if not done:
        click.echo("The workflow ended, and not all jobs are done.", err=True)
        raise SystemExit(1)
