"""Measure what a network costs in blocks of several sizes, and what one more seed then costs.

Snakemake runs all stages of one block, from training to graphs, of the default
experiment's flip-flop in a temporary folder. Seconds are processor time of all
jobs, the start of Python among it, and of Snakemake for starting them; its own
start, measured by a dry run, is taken off. Other work beside it hardly matters.
"""

import resource
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import pandas as pd
import yaml

from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.settings import Experiment
from workflow import DEFAULT, ROOT, snakemake


def one_block(size: int) -> dict[str, Any]:
    """An experiment of one block of unconstrained networks that learn the default flip-flop."""
    default = yaml.safe_load((ROOT / DEFAULT).read_text())
    return {
        "experiment": f"block{size}",
        "seeds": f"0-{size - 1}",
        "tasks": {"flipflop": default["tasks"]["flipflop"]},
        "models": default["models"],
        "compute": {"seeds_per_job": size},
    }


def core_seconds(experiment: Mapping[str, Any], folder: Path, *arguments: str) -> float:
    """Processor seconds that Snakemake and its jobs take together."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    snakemake(experiment, folder, *arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(size: int) -> dict[str, float]:
    """Measure all stages of one block of `size` networks."""
    experiment = one_block(size)
    plan = Plan(Experiment.from_mapping(experiment))
    targets = [file for stage in BLOCK_STAGES for file in plan.stage_files(stage)]
    with TemporaryDirectory() as name:
        planned = core_seconds(experiment, Path(name), *targets, "--dry-run", "--quiet", "all")
        whole = core_seconds(experiment, Path(name), *targets, "--cores", "1")
    block = whole - planned
    return {"networks": size, "block, s": block, "network, s": block / size}


@click.command(context_settings={"show_default": True})
@click.option("--sizes", multiple=True, type=int, default=(1, 2, 4, 8, 16), help="Block sizes.")
def main(sizes: tuple[int, ...]) -> None:
    """Time all stages of one block of the default flip-flop, for several sizes of the block."""
    rows = []
    for size in sizes:
        rows.append(measure(size))
        click.echo(pd.DataFrame(rows[-1:]).to_string(index=False, float_format="{:.1f}".format))


if __name__ == "__main__":
    main()
