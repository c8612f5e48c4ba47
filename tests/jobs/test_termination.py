"""SIGTERM reaches what a process runs, whoever handles it there."""

import signal
import subprocess
import sys

import pytest

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
