"""Measure what the workflow itself costs besides its jobs: seconds, files, bytes.

Snakemake runs a tiny experiment, two steps of training and few starts, in a
temporary folder whose links lead to the workflow; one job at a time, so that
nothing waits but on Snakemake. A job's own seconds, the start of Python among
them, are what Snakemake measured of it; overhead is the rest of the wall time.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import click
import pandas as pd
import yaml

from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import processes
from rnnpipe.settings import Experiment

ROOT = Path(__file__).resolve().parent.parent
LINKS = ("workflow", "scripts", "rnnpipe", "config", "environment.yml")
DEFAULT = "config/config.yaml"
COHORTS = 10
BLOCKS = {"seeds_per_job": 64}
MB = 1e6


def tiny(networks: int) -> dict[str, Any]:
    """An experiment of one cohort whose jobs compute almost nothing."""
    return {
        "experiment": "overhead",
        "seeds": f"0-{networks - 1}",
        "tasks": {"flipflop": {"bits": 1, "time": 10}},
        "models": {"tanh8": {"cell": "vanilla", "activation": "tanh", "units": 8}},
        "compute": BLOCKS,
        "training": {"steps": 2, "trials": 8, "validation": {"trials": 8}},
        "harvest": {"trials": 8},
        "fixed_points": {"mixtures": 16, "box": 16, "modes": 1, "rounds": 2},
        "attractors": {"visited": 2, "box": 2, "steps": 10},
        "graph": {"perturbations": 2, "steps": 10},
        "behaviour": {"trials": 8, "kept": 2},
    }


def large(networks: int) -> dict[str, Any]:
    """An experiment of ten cohorts."""
    models = {f"tanh{16 + n}": {"cell": "vanilla", "units": 16 + n} for n in range(COHORTS)}
    seeds = f"0-{networks // COHORTS - 1}"
    return {
        "experiment": "large",
        "seeds": seeds,
        "tasks": {"flipflop": {}},
        "models": models,
        "compute": BLOCKS,
    }


def snakemake(experiment: Mapping[str, Any], folder: Path, *arguments: str) -> float:
    """Time Snakemake on an experiment, in a folder with links to the workflow; wall seconds.

    Raises
    ------
    click.ClickException
        If Snakemake fails; with the end of what it said.
    """
    for name in LINKS:
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / name)
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(dict(experiment), sort_keys=False))
    command = [sys.executable, "-m", "snakemake", *arguments, "--configfile", str(file)]
    begin = perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise click.ClickException(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")
    return perf_counter() - begin


def job_seconds(results: Path) -> list[float]:
    """Read the seconds of every job from Snakemake's benchmark files."""
    files = sorted((results / "benchmarks").rglob("*.tsv"))
    return [float(pd.read_csv(file, sep="\t")["s"].iloc[-1]) for file in files]


def run(experiment: Mapping[str, Any]) -> dict[str, Any]:
    """Measure seconds of a whole run and of its jobs, one at a time; files and bytes it leaves."""
    parsed = Experiment.from_mapping(experiment)
    networks = len(parsed.cohorts()) * len(parsed.seeds)
    with TemporaryDirectory() as name:
        wall = snakemake(experiment, Path(name), "--cores", "1")
        results = Path(name) / "results" / parsed.name
        jobs = job_seconds(results)
        sizes = [path.stat().st_size for path in results.rglob("*") if path.is_file()]
    overhead = wall - sum(jobs)
    return {
        "networks": networks,
        "jobs": len(jobs),
        "wall s": wall,
        "jobs' own s": sum(jobs),
        "overhead s": overhead,
        "overhead %": 100 * overhead / wall,
        "overhead s/job": overhead / len(jobs),
        "wall s/network": wall / networks,
        "files/network": len(sizes) / networks,
        "MB/network": sum(sizes) / MB / networks,
    }


def plan_seconds(experiment: Mapping[str, Any]) -> tuple[int, float, float]:
    """Count the jobs, and time a dry run of all of them and of a single one.

    The latter is what a cluster's node does before each of its jobs: it reads
    the Snakefile and plans what it was sent for.
    """
    plan = Plan(Experiment.from_mapping(experiment))
    with TemporaryDirectory() as name:
        whole, one = (
            snakemake(experiment, Path(name), *targets, "--dry-run", "--quiet", "all")
            for targets in ((), (plan.files("weights")[0],))
        )
    return sum(map(len, processes(plan.jobs()).values())), whole, one


@click.command(context_settings={"show_default": True})
@click.option("--networks", multiple=True, default=(64, 192), help="Networks of a tiny run.")
@click.option("--planned", default=10_000, help="Networks of the dry run, in ten cohorts.")
@click.option("--default", is_flag=True, help=f"Also run {DEFAULT}: a quarter of an hour.")
def main(networks: tuple[int, ...], planned: int, default: bool) -> None:
    """Time Snakemake on experiments that compute almost nothing, and plan a large one."""
    click.echo(
        "Workflow overhead: whole runs of 1-bit flip-flop networks, 8 units, 2 training steps, "
        f"{BLOCKS['seeds_per_job']} per block; one job at a time, 1 thread per job."
    )
    table = pd.DataFrame([run(tiny(number)) for number in networks])
    table[f"× {networks[0]} networks"] = table["wall s/network"].iloc[0] / table["wall s/network"]
    click.echo(table.T.to_string(header=False, float_format="{:.2f}".format))
    jobs, whole, one = plan_seconds(large(planned))
    click.echo(
        f"Dry run of {planned} networks, {jobs} jobs: {whole:.1f} s; of one job: {one:.1f} s."
    )
    if default:
        click.echo(f"{DEFAULT}, one job at a time:")
        row = pd.Series(run(yaml.safe_load((ROOT / DEFAULT).read_text())))
        click.echo(row.to_string(float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
