"""Seconds that the workflow itself costs a network, beside what its jobs take.

Snakemake runs a tiny experiment, two steps of training and few starts, in a
temporary folder whose links lead to the workflow. A job's own seconds, the
start of Python among them, are what Snakemake measured of it; overhead is the
rest of the wall time.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import click
import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parent.parent
LINKS = ("workflow", "scripts", "rnnpipe", "config", "environment.yml")
NAME = "overhead"
SEEDS_PER_JOB = 8


def experiment(networks: int) -> dict[str, Any]:
    """An experiment of one cohort whose jobs have next to nothing to do."""
    return {
        "experiment": NAME,
        "seeds": f"0-{networks - 1}",
        "tasks": {"flipflop": {"bits": 1, "time": 10}},
        "models": {"tanh8": {"cell": "vanilla", "activation": "tanh", "units": 8}},
        "training": {"steps": 2, "trials": 8, "validation": {"trials": 8}},
        "harvest": {"trials": 8},
        "fixed_points": {"starts": 16, "rounds": 2, "snapshots": []},
        "graph": {"perturbations": 2, "steps": 10},
        "compute": {"seeds_per_job": SEEDS_PER_JOB, "threads": 1},
    }


def snakemake(networks: int, folder: Path, *arguments: str) -> float:
    """Wall seconds of Snakemake on an experiment, run in a folder with links to the workflow.

    Raises
    ------
    click.ClickException
        If Snakemake fails; with the end of what it said.
    """
    for name in LINKS:
        (folder / name).symlink_to(ROOT / name)
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(experiment(networks)))
    command = [sys.executable, "-m", "snakemake", "--configfile", str(file), *arguments]
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


def job_seconds(folder: Path) -> list[float]:
    """Seconds of every job, from Snakemake's benchmark files."""
    files = sorted((folder / "results" / NAME / "benchmarks").rglob("*.tsv"))
    return [float(pd.read_csv(file, sep="\t")["s"].iloc[-1]) for file in files]


def run(networks: int) -> dict[str, Any]:
    """Seconds of a whole run, one job at a time, and of its jobs."""
    with TemporaryDirectory() as name:
        wall = snakemake(networks, Path(name), "--cores", "1")
        jobs = job_seconds(Path(name))
    overhead = wall - sum(jobs)
    return {
        "networks": networks,
        "jobs": len(jobs),
        "wall s": wall,
        "jobs' own s": sum(jobs),
        "overhead s": overhead,
        "overhead s/job": overhead / len(jobs),
        "overhead s/network": overhead / networks,
        "wall s/network": wall / networks,
    }


@click.command(context_settings={"show_default": True})
@click.option("--networks", multiple=True, default=(8, 64), help="Networks of a run.")
@click.option("--planned", default=1000, help="Networks of the dry run.")
def main(networks: tuple[int, ...], planned: int) -> None:
    """Time Snakemake, one job at a time, on experiments with next to nothing to compute."""
    click.echo(
        f"Workflow overhead: whole runs of 1-bit flip-flop networks, 8 units, 2 training steps, "
        f"in blocks of {SEEDS_PER_JOB}; 1 core, 1 thread a job."
    )
    table = pd.DataFrame([run(number) for number in networks])
    table[f"× {networks[0]} networks"] = table["wall s/network"].iloc[0] / table["wall s/network"]
    click.echo(table.to_string(index=False, float_format="{:.2f}".format))
    with TemporaryDirectory() as name:
        seconds = snakemake(planned, Path(name), "--dry-run", "--quiet", "all")
    click.echo(f"Dry run of {planned} networks in blocks of {SEEDS_PER_JOB}: {seconds:.1f} s.")


if __name__ == "__main__":
    main()
