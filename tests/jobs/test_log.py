"""A log tells who writes it, whether that process still works, and how it ended."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnnpipe.jobs.log import FRESH_SECONDS, JobLog, read_log
from rnnpipe.jobs.processes import Owner

JOB = """
import sys, time
from rnnpipe.jobs.log import kept_log
with kept_log("train.py", every=0.05):
    print("half way", file=sys.stderr, flush=True)
    {body}
"""
ELSEWHERE = Owner("another-machine", 1)


def start(log: Path, body: str) -> subprocess.Popen:
    """A process that keeps a log while it does something."""
    with log.open("w") as stream:
        command = [sys.executable, "-c", JOB.format(body=body)]
        return subprocess.Popen(command, stdout=stream, stderr=stream)


def wait_until(true) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_working_job_keeps_its_log_fresh_until_it_is_killed(tmp_path):
    log = tmp_path / "train.log"
    process = start(log, "time.sleep(600)")
    try:
        wait_until(lambda: read_log(log).lines)
        os.utime(log, (0, 0))
        wait_until(lambda: read_log(log).touched > 0)
        found = read_log(log)
        assert found.owner == Owner(Owner.this().host, process.pid)
        assert found.lines == ("half way",)
        assert abs(found.since - time.time()) < 60
        assert found.works(time.time())
        assert not found.works(found.touched + FRESH_SECONDS)
    finally:
        process.kill()
        process.wait()
    assert not read_log(log).works(read_log(log).touched)


def test_a_job_that_came_to_its_end_says_so(tmp_path):
    log = tmp_path / "train.log"
    assert start(log, "pass").wait() == 0
    found = read_log(log)
    assert found.finished and 0 < found.used < 60
    assert found.lines == ("half way",)
    assert not found.works(found.touched)


@pytest.mark.parametrize("body", ["1 / 0", "sys.exit('error: a.parquet: is damaged')"])
def test_a_job_that_ends_early_has_not_finished(tmp_path, body):
    log = tmp_path / "train.log"
    assert start(log, body).wait() != 0
    assert not read_log(log).finished


@pytest.mark.parametrize(
    ("last", "works"),
    [
        ("training 4 networks: 528/1000 (53 %), 0:13 left, loss 0.00171", True),
        ("seed 3: states are not finite; later stages leave it out", True),
        ("error: a.parquet: is damaged", False),
        ("Error: Invalid value for '--settings': lack seeds", False),
        ("ZeroDivisionError: division by zero", False),
        ("rnnpipe.tables.artifacts.ArtifactError: a.parquet: is damaged", False),
        ("KeyboardInterrupt", False),
    ],
)
def test_an_error_at_the_end_is_the_end(last, works):
    log = JobLog(("before", last), touched=1000.0, owner=ELSEWHERE)
    assert log.works(now=1001.0) == works


def test_of_a_job_on_another_machine_only_the_age_of_its_log_tells():
    log = JobLog((), touched=1000.0, owner=ELSEWHERE)
    assert log.works(now=1000.0 + FRESH_SECONDS - 1)
    assert not log.works(now=1000.0 + FRESH_SECONDS)


def test_of_a_long_log_the_first_line_and_the_last_ones_are_read(tmp_path):
    log = tmp_path / "train.log"
    first = "train.py on node7, process 12, since 2026-01-02T03:04:05+00:00\n"
    log.write_text(first + "".join(f"step {n}\n" for n in range(100_000)))
    found = read_log(log)
    assert found.owner == Owner("node7", 12)
    assert found.since == 1767323045
    assert found.lines[-2:] == ("step 99998", "step 99999")
    assert len(found.lines) < 5000


def test_an_empty_log_is_one_of_a_job_that_begins(tmp_path):
    log = tmp_path / "train.log"
    log.touch()
    found = read_log(log)
    assert found.owner is None and found.since is None and found.lines == ()
    assert found.works(time.time())


def test_where_there_is_no_file_nothing_is_said():
    code = JOB.format(body="pass")
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stderr == "half way\n"
