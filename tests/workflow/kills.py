"""Kills of Snakemake and of its jobs in a finished checkout from which results were removed."""

import os
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import Popen
from typing import Any

from rnnpipe.plan.paths import output_paths
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings import Experiment
from tests.workflow.checkout import EXPERIMENT, Checkout


def jobs_of(script: str, folder: Path) -> list[int]:
    """Processes that run a script in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            inside = (process / "cwd").resolve() == folder
        except OSError:
            continue
        scripts = [word for word in command if word.endswith(f"/scripts/{script}.py".encode())]
        if inside and scripts:
            found.append(int(process.name))
    return found


def wait_for_job(script: str, folder: Path, running: Popen) -> int:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if found := jobs_of(script, folder):
            return found[0]
        assert running.poll() is None, running.communicate()[0]
        time.sleep(0.01)
    raise AssertionError(f"no job of {script} within two minutes")


def wait_for_use(process: int, seconds: float) -> None:
    """Wait until a process has computed so long, however busy the machine is.

    Where the process ends before, wait for the rest of the seconds.
    """
    used = 0.0
    while used < seconds:
        try:
            words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            words = ["Z"]
        if words[0] == "Z":
            time.sleep(seconds - used)
            return
        used = sum(map(int, words[11:13])) / os.sysconf("SC_CLK_TCK")
        time.sleep(0.01)


def stages_of(experiment: Mapping[str, Any] = EXPERIMENT) -> list[str]:
    """Stages of which an experiment has jobs."""
    return [
        stage for stage, jobs in Plan(Experiment.from_mapping(experiment)).jobs().items() if jobs
    ]


def removed(
    checkout: Checkout,
    stage: str,
    jobs: int | None = None,
    experiment: Mapping[str, Any] = EXPERIMENT,
) -> list[str]:
    """Files of a stage, or of its first jobs, which are removed."""
    plan = Plan(Experiment.from_mapping(experiment))
    files = [
        path
        for names in plan.jobs()[stage][:jobs]
        for path in output_paths(plan.name, stage, *names).values()
    ]
    for file in files:
        path = checkout.folder / file
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return files


def kill_job(checkout: Checkout, stage: str, targets: list[str]) -> str:
    """Kill a stage's job as soon as it runs, and return what Snakemake says."""
    running = checkout.start(*targets)
    os.kill(wait_for_job(stage, checkout.folder, running), signal.SIGKILL)
    output = running.communicate()[0]
    assert running.returncode != 0
    return output


def kill_run(checkout: Checkout, stage: str, delay: float, targets: list[str]) -> None:
    """Kill Snakemake and all its jobs when a stage's first job has computed some seconds."""
    running = checkout.start(*targets)
    script = STAGES[stage].script
    wait_for_use(wait_for_job(script, checkout.folder, running), delay)
    _kill_all(checkout, script, running)


def kill_run_at(checkout: Checkout, stage: str, pattern: str, targets: list[str]) -> None:
    """Kill Snakemake and all its jobs when a stage's job has a file in the results."""
    running = checkout.start(*targets)
    deadline = time.monotonic() + 120
    while not list(checkout.results.glob(pattern)):
        assert running.poll() is None and time.monotonic() < deadline, f"no file {pattern}"
        time.sleep(0.001)
    _kill_all(checkout, STAGES[stage].script, running)


def _kill_all(checkout: Checkout, script: str, running: Popen) -> None:
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    deadline = time.monotonic() + 10
    while jobs_of(script, checkout.folder):
        assert time.monotonic() < deadline, "a job outlives its workflow"
        time.sleep(0.01)


def status_later(checkout: Checkout, stage: str) -> str:
    """What the status says when logs of a stage are as old as they are two minutes later."""
    for log in checkout.results.glob(f"logs/{stage}/*.log"):
        os.utime(log, (0, 0))
    return checkout.status()
