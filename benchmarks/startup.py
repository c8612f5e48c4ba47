"""Measure what jobs cost before they begin: imports, settings, and what a figure reads.

Every rule's first job of an experiment that has run is started again, in a process of its own
that ends where the job's own first line would follow, and in which the scripts of all stages of
the rule were imported; every figure's also where it would draw. Processor time, user and system,
of the fastest of some starts; resident memory. What all jobs took is the sum of what their logs
say at their ends: Snakemake looks only every now and then, and misses what short jobs take last.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

from rnnpipe.commands.status.jobs import jobs_of
from rnnpipe.jobs.log import read_log
from rnnpipe.jobs.stage import Stage, option
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import block_path, output_paths, population_path
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import RULES, processes
from rnnpipe.plan.shipped import scripts_folder
from rnnpipe.settings import Cohort, load_experiment

# Given what to replace, in which module, further scripts of the process, and a script with its
# options; as `rnnpipe.jobs.in_turn` runs them.
CHILD = """
import gc, importlib, json, os, resource, runpy, sys

gc.disable()

def stop(*args):
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3]), flush=True)
    os._exit(0)

module, name, more, *sys.argv = sys.argv[1:]
for script in json.loads(more):
    runpy.run_path(script)
setattr(importlib.import_module(module), name, stop)
runpy.run_path(sys.argv[0], run_name="__main__")
"""
# What is called just before a job's own first line, and what draws a figure.
FIRST_LINE = ("rnnpipe.jobs.job", "made_from")
DRAWING = ("rnnpipe.figures.render", "render")
STARTS = 3


def options_of(plan: Plan, stage: Stage, values: Sequence[str]) -> list[str]:
    """Return the options of a stage's script, as the workflow gives them."""
    named = dict(zip(stage.wildcards, values, strict=True))
    words = ["--settings", settings_text(plan, stage.name, *values)]
    for name in stage.inputs:
        if "seeds" in named:
            path = block_path(plan.name, name, Cohort(*values[:3]), named["seeds"])
        else:
            path = population_path(plan.name, name, named["task"])
        words += [option(name), str(path)]
    for name, path in output_paths(plan.name, stage.name, *values).items():
        words += [option(name), str(path)]
    return [*words, "--checkpoint", "none.pt"] if stage.name == "train" else words


def measure(
    plan: Plan, rule: str, values: Sequence[str], end: tuple[str, str], folder: Path
) -> tuple[float, float]:
    """Start a job until it calls something; return its processor time in s and memory in MB.

    Raises
    ------
    click.ClickException
        If the job ends before; with what it said.
    """
    first, *more = (str(scripts_folder() / f"{stage.script}.py") for stage in RULES[rule])
    options = options_of(plan, RULES[rule][0], values)
    command = [sys.executable, "-c", CHILD, *end, json.dumps(more), first, *options]
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
    for rule, jobs in processes(plan.jobs()).items():
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
    """Say what starts take of all processor time of the jobs, as their logs say."""
    logs = [read_log(folder / one.log) for one in jobs_of(plan)]
    if any(log.used is None for log in logs):
        raise click.ClickException(f"{plan.name} was run by an earlier version: run it anew")
    jobs = sum(log.used for log in logs)
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
