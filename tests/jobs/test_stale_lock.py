"""A lock goes only when its owner is known to be gone."""

import json
import os
import socket
import subprocess
import sys

import pytest

from rnnpipe.jobs.processes import LOCKS, OWNER, note_owner, release_stale_lock, workflow_runs


@pytest.fixture(autouse=True)
def locked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    LOCKS.mkdir(parents=True)
    (LOCKS / "0.input.lock").write_text("x")


def dead() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_lock_of_a_dead_process_goes():
    OWNER.write_text(json.dumps({"host": socket.gethostname(), "process": dead()}))
    assert release_stale_lock()
    assert not LOCKS.exists()
    assert not release_stale_lock()


def test_the_lock_of_a_living_process_stays():
    note_owner()
    assert json.loads(OWNER.read_text())["process"] == os.getpid()
    assert not release_stale_lock()
    assert LOCKS.exists()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"host": "elsewhere", "process": 999999999}'])
def test_the_lock_of_an_unknown_or_distant_process_stays(text):
    OWNER.write_text(text)
    assert not release_stale_lock()
    OWNER.unlink()
    assert not release_stale_lock()
    assert LOCKS.exists()


def test_a_workflow_runs_as_long_as_its_process_and_its_lock_are_there():
    note_owner()
    assert workflow_runs()
    OWNER.write_text(json.dumps({"host": "elsewhere", "process": 1}))
    assert workflow_runs()
    OWNER.write_text(json.dumps({"host": socket.gethostname(), "process": dead()}))
    assert not workflow_runs()
    note_owner()
    (LOCKS / "0.input.lock").unlink()
    assert not workflow_runs()
