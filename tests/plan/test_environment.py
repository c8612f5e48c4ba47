"""Jobs run this Python and find the package."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.jobs.processes import prepare_environment
from rnnpipe.plan import plan as module

ROOT = Path(module.__file__).parents[2]


class TestEnvironment:
    HERE = os.path.dirname(sys.executable)

    @pytest.fixture(autouse=True)
    def bare(self, monkeypatch):
        """Restores both variables, whatever a test makes of them."""
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        monkeypatch.setenv("PYTHONPATH", "/elsewhere")

    def test_once_is_enough(self):
        prepare_environment()
        first = dict(os.environ)
        assert first["PATH"] == f"{self.HERE}:/usr/bin:/bin"
        assert first["PYTHONPATH"] == f"{ROOT}:/elsewhere"
        prepare_environment()
        assert dict(os.environ) == first

    def test_this_python_comes_first_wherever_it_stood(self, monkeypatch):
        monkeypatch.setenv("PATH", f"/usr/bin:{self.HERE}")
        prepare_environment()
        assert os.environ["PATH"].split(":")[0] == self.HERE

    def test_an_empty_variable_gains_no_empty_entry(self, monkeypatch):
        """An empty entry would mean the working directory."""
        monkeypatch.delenv("PYTHONPATH")
        prepare_environment()
        assert os.environ["PYTHONPATH"] == str(ROOT)

    def test_jobs_find_this_python_and_the_package(self, tmp_path):
        prepare_environment()
        code = "import rnnpipe, sys; print(sys.executable); print(rnnpipe.__file__)"
        found = subprocess.run(
            ["python", "-S", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        python, package = found.stdout.splitlines()
        assert os.path.dirname(python) == self.HERE
        assert Path(package).parent == ROOT / "rnnpipe"
