"""Networks trained and analysed through the profile, on a SLURM that kills jobs."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
import yaml

from tests.slurm.cluster import one_node
from tests.workflow.checkout import EXPERIMENT, Checkout

pytestmark = pytest.mark.slurm
PROFILE = "profiles/slurm"
# Jobs of this test are short: their ends are looked for more often than the profile would.
WHERE = ("--workflow-profile", PROFILE, "--slurm-init-seconds-before-status-checks", "1")
ONE_COHORT = {
    "tasks": {"flipflop": EXPERIMENT["tasks"]["flipflop"]},
    "constraints": {"none": {}},
    "exclude": [],
    "seeds": "0-1",
    "compute": {"seeds_per_job": 1, "device": "auto"},
}

Found = TypeVar("Found")


class Disturbed:
    """A run in which the training of two blocks was killed, one way each."""

    def __init__(self, checkout: Checkout) -> None:
        self.checkout = checkout
        checkout.write({**EXPERIMENT, **ONE_COHORT})
        run = checkout.start()
        try:
            cancelled = _soon(lambda: _job("rule_train_wildcards_flipflop_tanh8_none_0-0"))
            self.asked = _command("scontrol", "show", "job", cancelled)
            _command("scancel", cancelled)
            os.kill(_soon(lambda: _process(checkout.folder, "seeds=1-1")), signal.SIGKILL)
            self.output = run.communicate()[0]
        finally:
            run.kill()
        self.status = run.returncode


@pytest.fixture(scope="module")
def local(tmp_path_factory) -> Iterator[tuple[Checkout, Future[str]]]:
    """The same experiment, which runs without SLURM meanwhile."""
    checkout = Checkout(tmp_path_factory.mktemp("local"))
    with ThreadPoolExecutor() as pool:
        yield checkout, pool.submit(checkout.run, **ONE_COHORT)


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory, local) -> Iterator[Disturbed]:
    checkout = Checkout(tmp_path_factory.mktemp("slurm"), WHERE)
    _ask_for_a_gpu(checkout.folder / PROFILE / "config.yaml")
    with one_node():
        yield Disturbed(checkout)


def _ask_for_a_gpu(profile: Path) -> None:
    """Edit the profile as somebody would whose experiment says `device: auto`."""
    settings = yaml.safe_load(profile.read_text())
    settings["set-resources"]["train"]["gpu"] = 1
    profile.write_text(yaml.safe_dump(settings))


def _soon(find: Callable[[], Found | None], seconds: float = 120) -> Found:
    """What is found, once it is there."""
    deadline = time.monotonic() + seconds
    while (found := find()) is None:
        assert time.monotonic() < deadline, "not found in time"
        time.sleep(0.05)
    return found


def _command(*arguments: str) -> str:
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def _job(comment: str) -> str | None:
    """The running job that has a comment."""
    for line in _command("squeue", "--noheader", "--states=RUNNING", "--format=%i %k").splitlines():
        job, of_job = line.split(maxsplit=1)
        if of_job.strip() == comment:
            return job
    return None


def _process(folder: Path, block: str) -> int | None:
    """The process that trains a block in a folder."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_text().split("\0")
            here = (process / "cwd").readlink() == folder
        except OSError:
            continue
        training = any(word.endswith("/scripts/train.py") for word in arguments)
        if here and training and f"/{block}/" in " ".join(arguments):
            return int(process.name)
    return None


def test_the_run_recovers_from_jobs_that_are_killed(disturbed):
    assert disturbed.status == 0, disturbed.output
    failures = re.findall(r"SLURM status is: '(\w+)'", disturbed.output)
    assert sorted(failures) == ["CANCELLED", "FAILED"]


def test_results_are_the_bytes_of_an_undisturbed_local_run(disturbed, local):
    checkout, run = local
    run.result()
    files = checkout.files()
    assert {path.split("/")[0] for path in files} >= {"weights", "graphs", "population", "figures"}
    assert disturbed.checkout.files() == files


def test_jobs_ask_for_what_the_profile_says(disturbed):
    """And for twice as much at the second attempt."""
    assert re.search(r"TresPerJob=gres:gpu:1\b", disturbed.asked)
    assert "TimeLimit=04:00:00" in disturbed.asked
    asked = re.findall(r"mem_mb=(\d+),.*runtime=(\d+),.* gpu=1\b", disturbed.output)
    once, twice = sorted({(int(memory), int(minutes)) for memory, minutes in asked})
    assert len(asked) == 4
    assert twice == (2 * once[0], 2 * once[1])


def test_logs_of_failed_jobs_are_kept(disturbed):
    logs = list((disturbed.checkout.folder / "results" / "slurm_logs").rglob("*.log"))
    assert len(logs) == 2
    assert all(log.parts[-3] == "rule_train" and log.stat().st_size for log in logs)
