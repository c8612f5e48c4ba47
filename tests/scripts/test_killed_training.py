"""Training that is killed at random moments, by either signal, ends in the same bytes."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rnnpipe.jobs.processes import TRY_AGAIN
from tests.helpers.script_runs import ROOT, plan

FILES = ("weights.pt", "history.parquet", "training.parquet")
# Some seconds of training, apart from the start of Python.
TRAINING = {"steps": 4000, "trials": 64, "learning_rate": 0.02}
SETTINGS = plan(training=TRAINING).settings("train", "memory", "small", "none", "0-1")
STARTED = 90.0


def start(folder: Path) -> subprocess.Popen:
    """The script on its own, as a job of the workflow calls it, with many checkpoints."""
    folder.mkdir(exist_ok=True)
    files = [f"--{name.split('.')[0]}={folder / name}" for name in FILES]
    command = [sys.executable, "scripts/train.py", "--settings", SETTINGS, *files]
    command += [f"--checkpoint={folder / 'checkpoint.pt'}", "--checkpoint-every=0.1"]
    return subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})


def finish(folder: Path) -> dict[str, bytes]:
    assert start(folder).wait() == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    return {name: (folder / name).read_bytes() for name in FILES}


def kill(folder: Path, number: signal.Signals, seconds: float) -> None:
    """Kill the script some time after it has written a checkpoint; it must leave no result."""
    process = start(folder)
    begin = time.monotonic()
    before = (folder / "checkpoint.pt").stat().st_mtime_ns if any(folder.iterdir()) else 0
    while process.poll() is None and time.monotonic() - begin < STARTED:
        kept = folder / "checkpoint.pt"
        if kept.exists() and kept.stat().st_mtime_ns != before:
            break
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(number)
    status = process.wait()
    assert status == (TRY_AGAIN if number == signal.SIGTERM else -signal.SIGKILL)
    assert (folder / "checkpoint.pt").exists()
    assert not set(FILES) & {path.name for path in folder.iterdir()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict[str, bytes]:
    return finish(tmp_path_factory.mktemp("undisturbed") / "results")


def killed_and_resumed(folder: Path, undisturbed: dict[str, bytes], kills: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for number in [signal.SIGTERM, signal.SIGKILL] * kills:
        kill(folder, number, rng.uniform(0, 0.3))
    assert finish(folder) == undisturbed


def test_a_kill_of_each_kind(tmp_path, undisturbed):
    killed_and_resumed(tmp_path / "results", undisturbed, kills=1, seed=0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_twenty_kills_at_random_moments(tmp_path, undisturbed, seed):
    killed_and_resumed(tmp_path / "results", undisturbed, kills=2, seed=seed)
