"""Measure what jobs cost before they begin: imports, settings, and what a figure reads.

Every rule's first job of an experiment that has run is started again, in a process of its own
that ends where the job's own first line would follow; every figure's also where it would draw.
Processor time, user and system, of the fastest of some starts; resident memory.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

from rnnpipe.jobs.stage import option
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import block_path, output_paths, population_path
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.shipped import scripts_folder
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings import Cohort, load_experiment

# Given what to replace, in which module, and a script with its options.
CHILD = """
import importlib, json, os, resource, runpy, sys

def stop(*args):
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3]), flush=True)
    os._exit(0)

module, name, *sys.argv = sys.argv[1:]
setattr(importlib.import_module(module), name, stop)
runpy.run_path(sys.argv[0], run_name="__main__")
"""
# What is called just before a job's own first line, and what draws a figure.
FIRST_LINE = ("rnnpipe.jobs.job", "made_from")
DRAWING = ("rnnpipe.figures.render", "render")
STARTS = 3


def options_of(plan: Plan, rule: str, values: Sequence[str]) -> list[str]:
    """Return the options of a job's script, as the workflow gives them."""
    stage, named = STAGES[rule], dict(zip(STAGES[rule].wildcards, values, strict=True))
    words = ["--settings", settings_text(plan, rule, *values)]
    for name in stage.inputs:
        if "seeds" in named:
            path = block_path(plan.name, name, Cohort(*values[:3]), named["seeds"])
        else:
            path = population_path(plan.name, name, named["task"])
        words += [option(name), str(path)]
    for name, path in output_paths(plan.name, rule, *values).items():
        words += [option(name), str(path)]
    return [*words, "--checkpoint", "none.pt"] if rule == "train" else words


def measure(
    plan: Plan, rule: str, values: Sequence[str], end: tuple[str, str], folder: Path
) -> tuple[float, float]:
    """Start a job until it calls something; return its processor time in s and memory in MB.

    Raises
    ------
    click.ClickException
        If the job ends before; with what it said.
    """
    script = str(scripts_folder() / f"{STAGES[rule].script}.py")
    command = [sys.executable, "-c", CHILD, *end, script, *options_of(plan, rule, values)]
    found = []
    for _ in range(STARTS):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode or not done.stdout:
            raise click.ClickException(f"{rule} {' '.join(values)}: {done.stderr[-2000:]}")
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return min(found)


def starts(plan: Plan, folder: Path) -> pd.DataFrame:
    """Return the jobs of every rule, and what one takes until its first line."""
    rows = []
    for rule, jobs in plan.jobs().items():
        if jobs:
            seconds, memory = measure(plan, rule, jobs[0], FIRST_LINE, folder)
            rows.append({"rule": rule, "jobs": len(jobs), "s": seconds, "MB": memory})
    return pd.DataFrame(rows)


def figures(plan: Plan, folder: Path) -> pd.DataFrame:
    """Return what every figure takes until it is drawn."""
    rows = []
    for task, kind in plan.jobs()["figure"]:
        seconds, memory = measure(plan, "figure", (task, kind), DRAWING, folder)
        rows.append({"task": task, "kind": kind, "s": seconds, "MB": memory})
    return pd.DataFrame(rows)


def share(each: pd.DataFrame, plan: Plan, folder: Path) -> str:
    """Say what starts take of all processor time of the jobs, as Snakemake measured it."""
    measured = (folder / "results" / plan.name / "benchmarks").rglob("*.tsv")
    jobs = sum(float(pd.read_csv(file, sep="\t")["cpu_time"].iloc[-1]) for file in measured)
    begun = float((each["s"] * each["jobs"]).sum())
    return f"starts: {begun:.0f} of {jobs:.0f} s of the jobs' processor time, {begun / jobs:.0%}"


@click.command()
@click.argument("experiment", type=click.Path(exists=True, path_type=Path))
@click.option("--folder", type=click.Path(path_type=Path), default=".", help="Where it has run.")
def main(experiment: Path, folder: Path) -> None:
    """Measure the starts of the jobs of an EXPERIMENT that has run."""
    plan = Plan(load_experiment(experiment))
    if not (folder / "results" / plan.name / "findings.md").is_file():
        raise click.ClickException(f"{experiment} has not run in {folder}: rnnpipe run first")
    each = starts(plan, folder)
    for table in (each, figures(plan, folder)):
        click.echo(table.to_string(index=False, float_format="{:.2f}".format))
    click.echo(share(each, plan, folder))


if __name__ == "__main__":
    main()
