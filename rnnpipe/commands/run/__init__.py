"""The command `run`: an experiment, from its file to its figures."""

from pathlib import Path
from typing import Any

import click

from rnnpipe.commands.experiment_file import FILE

ALL = "all"
# Where click keeps what follows `--`.
_OPTIONS = "rnnpipe.run.options"


class _Cores(click.IntRange):
    """A number of cores, or all."""

    def __init__(self) -> None:
        super().__init__(min=1)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        return None if value == ALL else super().convert(value, param, ctx)


class _WithOptions(click.Command):
    """A command whose line may end with ``--`` and options of Snakemake."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own, rest = args, []
        if "--" in args:
            own, rest = args[: args.index("--")], args[args.index("--") + 1 :]
        ctx.meta[_OPTIONS] = rest
        try:
            return super().parse_args(ctx, own)
        except click.NoSuchOption as error:
            error.message += (
                f" Options of Snakemake stand behind --: {ctx.command_path} … -- "
                f"{error.option_name}"
            )
            raise

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(
            ctx.command_path, "[OPTIONS] FILE [TARGETS]... [-- SNAKEMAKE'S OPTIONS]"
        )


@click.command(cls=_WithOptions)
@FILE
@click.argument("targets", nargs=-1)
@click.option(
    "--cores", type=_Cores(), default=ALL, metavar="N", help="Cores to use at once; all by default."
)
@click.pass_context
def run(ctx: click.Context, file: Path, targets: tuple[str, ...], cores: int | None) -> None:
    """Run the experiment FILE, from training to figures.

    TARGETS are networks, skeletons, figures, scenes, or files under results/; by default
    everything is made. What is done already is not done again.

    Jobs that fail hold up no others: tables and figures are made of all other networks, and the
    end names what failed and its log. Ctrl-C stops a run, and loses nothing: the same command
    goes on from there.

    \b
        rnnpipe run mine.yaml
        rnnpipe run mine.yaml networks --cores 4
        rnnpipe run mine.yaml -- --dry-run
        rnnpipe run mine.yaml -- --workflow-profile cluster

    Exit status: 0 if all is done, 1 if something failed, 2 if a setting or an option is wrong,
    130 after Ctrl-C.
    """
    from rnnpipe.commands.run.whole import run_experiment

    raise SystemExit(run_experiment(file, targets, cores, ctx.meta[_OPTIONS]))
