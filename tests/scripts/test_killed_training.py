"""Training that is killed at random moments, by either signal, ends in the same bytes."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from rnnpipe.jobs.processes import TRY_AGAIN
from rnnpipe.plan.job_settings import settings_text
from tests.helpers.script_runs import ROOT, plan

FILES = ("weights.pt", "history.parquet", "training.parquet", "snapshots.pt")
# About a second of training for each kill, apart from the start of Python.
STEPS = 1000
STARTED = 90.0


def start(folder: Path, kills: int) -> subprocess.Popen:
    """The script on its own, as a job of the workflow calls it, with many checkpoints."""
    training = {"steps": STEPS * kills, "trials": 64, "learning_rate": 0.02}
    own = plan(training=training, development={"count": 12})
    settings = settings_text(own, "train", "memory", "small", "none", "0-1")
    folder.mkdir(exist_ok=True)
    files = [f"--{name.split('.')[0]}={folder / name}" for name in FILES]
    command = [sys.executable, "scripts/train.py", "--settings", settings, *files]
    command += [f"--checkpoint={folder / 'checkpoint.pt'}", "--checkpoint-every=0.1"]
    return subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})


def finish(folder: Path, kills: int) -> dict[str, bytes]:
    assert start(folder, kills).wait() == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    return {name: (folder / name).read_bytes() for name in FILES}


def kill(folder: Path, kills: int, number: signal.Signals, seconds: float) -> None:
    """Kill the script some time after it has written a checkpoint; it must leave no result."""
    process = start(folder, kills)
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
def undisturbed(tmp_path_factory) -> Callable[[int], dict[str, bytes]]:
    """Results of a training long enough for so many kills."""
    return cache(lambda kills: finish(tmp_path_factory.mktemp("undisturbed") / "results", kills))


def kill_and_resume(folder: Path, signals: list[signal.Signals], seed: int) -> dict[str, bytes]:
    rng, kills = np.random.default_rng(seed), len(signals)
    for number in signals:
        kill(folder, kills, number, rng.uniform(0, 0.3))
    return finish(folder, kills)


def test_a_training_that_is_asked_to_end_goes_on_from_where_it_was(tmp_path, undisturbed):
    """tests/workflow/test_faults.py kills one without asking."""
    assert kill_and_resume(tmp_path / "results", [signal.SIGTERM], seed=0) == undisturbed(1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_twenty_kills_at_random_moments(tmp_path, undisturbed, seed):
    signals = [signal.SIGTERM, signal.SIGKILL] * 2
    assert kill_and_resume(tmp_path / "results", signals, seed) == undisturbed(4)
