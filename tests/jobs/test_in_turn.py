"""Scripts in one process see what they would see alone; the first that fails ends the process."""

import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.jobs.log import read_log

SCRIPT = """
import gc
import sys
assert __name__ == "__main__" and not gc.isenabled()
if sys.argv[1] == "fail":
    sys.exit("error: no such luck")
print(sys.argv[1:], len(sys.modules.setdefault("shared", sys.argv)))
sys.exit(0)
"""


@pytest.fixture
def run(tmp_path):
    """The status of a process that runs scripts with the given words, and its log."""
    (tmp_path / "script.py").write_text(SCRIPT)

    def started(*words: str) -> tuple[int, Path]:
        log = tmp_path / "a.log"
        command = [sys.executable, "-P", "-m", "rnnpipe.jobs.in_turn", "both", *words]
        with log.open("w") as stream:
            done = subprocess.run(command, cwd=tmp_path, stdout=stream, stderr=stream)
        return done.returncode, log

    return started


def test_each_script_gets_its_own_words_in_one_process_and_one_log(run):
    status, log = run("script.py", "a", "b c", "then", "script.py", "d")
    read = read_log(log)
    assert status == 0 and read.finished and read.owner is not None
    assert log.read_text().startswith("both on ")
    # The second one finds what the first one left in memory.
    assert read.lines == ("script.py", "['a', 'b c'] 3", "script.py", "['d'] 3")


def test_the_first_that_fails_ends_all_with_its_words(run):
    status, log = run("script.py", "fail", "then", "script.py", "d")
    read = read_log(log)
    assert status == 1 and not read.finished
    assert read.lines == ("script.py", "error: no such luck")
