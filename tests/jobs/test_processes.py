"""Locks go only with their owner, signals are noted and passed on, and jobs find the package."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.jobs.processes import (
    LOCKS,
    OWNER,
    SIGNALS,
    interruption,
    note_owner,
    prepare_environment,
    release_stale_lock,
    workflow_runs,
)
from rnnpipe.plan import plan as module

ROOT = Path(module.__file__).parents[2]
SCRIPTS = ROOT / "scripts"
# The child is started by a thread, as Snakemake starts jobs; the handler is set last.
PARENT = """
import signal, subprocess, sys, threading
from rnnpipe.jobs.processes import pass_on_termination
{pass_on}
def run():
    child = subprocess.Popen(["sleep", sys.argv[1]])
    print("ready", flush=True)
    print(child.wait(), flush=True)
signal.signal(signal.SIGTERM, lambda *_: print("handled", flush=True))
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def dead() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


class TestLock:
    @pytest.fixture(autouse=True)
    def locked(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        LOCKS.mkdir(parents=True)
        (LOCKS / "0.input.lock").write_text("x")

    def test_the_lock_of_a_dead_process_goes(self):
        OWNER.write_text(json.dumps({"host": socket.gethostname(), "process": dead()}))
        assert release_stale_lock()
        assert not LOCKS.exists()
        assert not release_stale_lock()

    def test_the_lock_of_a_living_process_stays(self):
        note_owner()
        assert json.loads(OWNER.read_text())["process"] == os.getpid()
        assert not release_stale_lock()
        assert LOCKS.exists()

    @pytest.mark.parametrize(
        "text", ["", "{}", "[1]", '{"host": "elsewhere", "process": 999999999}']
    )
    def test_the_lock_of_an_unknown_or_distant_process_stays(self, text):
        OWNER.write_text(text)
        assert not release_stale_lock()
        OWNER.unlink()
        assert not release_stale_lock()
        assert LOCKS.exists()

    def test_a_workflow_runs_as_long_as_its_process_and_its_lock_are_there(self):
        note_owner()
        assert workflow_runs()
        OWNER.write_text(json.dumps({"host": "elsewhere", "process": 1}))
        assert workflow_runs()
        OWNER.write_text(json.dumps({"host": socket.gethostname(), "process": dead()}))
        assert not workflow_runs()
        note_owner()
        (LOCKS / "0.input.lock").unlink()
        assert not workflow_runs()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_noted_and_the_process_goes_on(number):
    before = [signal.getsignal(each) for each in SIGNALS]
    with interruption() as asked:
        assert asked.name == ""
        os.kill(os.getpid(), number)
        assert asked.name == signal.Signals(number).name
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
        os.kill(os.getpid(), signal.SIGTERM)
        assert asked.name == "SIGTERM"
    assert [signal.getsignal(each) for each in SIGNALS] == before


@pytest.mark.parametrize(
    ("pass_on", "seconds", "end"),
    [("pass_on_termination()", "60", -signal.SIGTERM), ("", "1", 0)],
)
def test_sigterm_reaches_a_child_only_if_passed_on(pass_on, seconds, end):
    script = PARENT.format(pass_on=pass_on)
    process = subprocess.Popen(
        [sys.executable, "-c", script, seconds], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    said = process.communicate(timeout=30)[0].split()
    assert set(said) == {"handled", str(int(end))}
    assert process.returncode == 0


def test_without_a_handler_the_process_ends():
    script = "import time; from rnnpipe.jobs.processes import pass_on_termination as p; p(); "
    process = subprocess.Popen(
        [sys.executable, "-c", script + "print('ready', flush=True); time.sleep(60)"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait(timeout=30) == -signal.SIGTERM


class TestEnvironment:
    HERE = os.path.dirname(sys.executable)

    @pytest.fixture(autouse=True)
    def bare(self, monkeypatch):
        """Restores all variables, whatever a test makes of them."""
        monkeypatch.setenv("RNNPIPE_SCRIPTS", "")
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        monkeypatch.setenv("PYTHONPATH", "/elsewhere")

    def test_once_is_enough(self):
        prepare_environment(SCRIPTS)
        first = dict(os.environ)
        assert first["PATH"] == f"{self.HERE}:/usr/bin:/bin"
        assert first["PYTHONPATH"] == f"{ROOT}:/elsewhere"
        prepare_environment(SCRIPTS)
        assert dict(os.environ) == first
        assert first["RNNPIPE_SCRIPTS"] == str(SCRIPTS)

    def test_this_python_comes_first_wherever_it_stood(self, monkeypatch):
        monkeypatch.setenv("PATH", f"/usr/bin:{self.HERE}")
        prepare_environment(SCRIPTS)
        assert os.environ["PATH"].split(":")[0] == self.HERE

    def test_an_empty_variable_gains_no_empty_entry(self, monkeypatch):
        """An empty entry would mean the working directory."""
        monkeypatch.delenv("PYTHONPATH")
        prepare_environment(SCRIPTS)
        assert os.environ["PYTHONPATH"] == str(ROOT)

    def test_jobs_find_this_python_and_the_package(self, tmp_path):
        prepare_environment(SCRIPTS)
        code = "import rnnpipe, sys; print(sys.executable); print(rnnpipe.__file__)"
        found = subprocess.run(
            ["python", "-S", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        python, package = found.stdout.splitlines()
        assert os.path.dirname(python) == self.HERE
        assert Path(package).parent == ROOT / "rnnpipe"
