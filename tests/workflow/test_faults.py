"""Whatever is killed at any moment loses nothing and leaves nothing half-written."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from rnnpipe.plan.paths import (
    figure_path,
    findings_path,
    pages_folder,
    population_path,
    seconds_path,
)
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings import Experiment
from tests.workflow.checkout import EXPERIMENT, Checkout

# A table of each job on all networks of a task; its script where that has another name.
OF_TASK = {"population": "networks", "distances": "distances", "statistics": "embedding"}
SCRIPTS = {"statistics": "population_statistics"}
EVERY_STAGE = (*STAGES, *OF_TASK, "findings", "seconds", "figure", "scene", "pages")


@pytest.fixture
def copied(finished, tmp_path) -> Checkout:
    return finished.copied(tmp_path / "copy")


def jobs_of(script: str, folder: Path) -> list[int]:
    """Processes that run a script in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            inside = (process / "cwd").resolve() == folder
        except OSError:
            continue
        if inside and len(command) > 1 and command[1].decode() == f"scripts/{script}.py":
            found.append(int(process.name))
    return found


def wait_for_job(script: str, folder: Path, running) -> int:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if found := jobs_of(script, folder):
            return found[0]
        assert running.poll() is None, running.communicate()[0]
        time.sleep(0.01)
    raise AssertionError(f"no job of {script} within two minutes")


def removed(checkout: Checkout, stage: str) -> list[str]:
    """Files of a stage, which are removed."""
    plan = Plan(Experiment.from_mapping(EXPERIMENT))
    if stage in STAGES:
        files = plan.stage_files(stage)
    elif stage == "figure":
        files = [figure_path(plan.name, *job, "png") for job in plan.figures()]
    elif stage in OF_TASK:
        files = [population_path(plan.name, OF_TASK[stage], task) for task in plan.tasks()]
    elif stage == "scene":
        files = plan.scene_folders()
    elif stage == "pages":
        files = [pages_folder(plan.name)]
    elif stage == "findings":
        files = [findings_path(plan.name, "md")]
    else:
        files = [seconds_path(plan.name)]
    for file in files:
        path = checkout.folder / file
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return files


@pytest.mark.parametrize(
    ("stage", "delay"),
    [
        ("train", 2.5),
        *(
            pytest.param(stage, delay, marks=pytest.mark.slow)
            for stage in EVERY_STAGE
            for delay in (0.5, 2.0, 2.5, 3.0)
            if (stage, delay) != ("train", 2.5)
        ),
    ],
)
def test_a_killed_run_repeated_gives_the_same_bytes(finished, copied, stage, delay):
    targets = removed(copied, stage)
    copied.write(EXPERIMENT)
    running = copied.start(*targets)
    script = SCRIPTS.get(stage, stage)
    wait_for_job(script, copied.folder, running)
    time.sleep(delay)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    assert not jobs_of(script, copied.folder)
    copied.run(*targets)
    assert copied.files() == finished.files()


def test_a_killed_job_is_reported_and_run_again(finished, copied):
    targets = removed(copied, "stability")
    copied.write(EXPERIMENT)
    running = copied.start(*targets)
    os.kill(wait_for_job("stability", copied.folder, running), signal.SIGKILL)
    output = running.communicate()[0]
    assert running.returncode != 0
    assert "stability" in output
    for log in copied.results.glob("logs/stability/*.log"):
        # As old as it is two minutes later.
        os.utime(log, (0, 0))
    assert "\nfailed: stability " in copied.status()
    copied.run(*targets)
    assert copied.files() == finished.files()


def test_a_truncated_file_is_named_in_the_output(copied):
    path = next(copied.results.glob("trajectories/**/*.parquet"))
    path.write_bytes(path.read_bytes()[:1000])
    output = copied.refused(*removed(copied, "fixed_points"))
    assert f"error: {path.relative_to(copied.folder)}: is damaged" in output
    assert "Traceback (most recent call last)" not in output
