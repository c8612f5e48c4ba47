"""A chain of scripts that has run to its end."""

import shutil
from pathlib import Path

import pytest

from rnnpipe.plan.stages import STAGES
from tests.helpers.script_runs import EXPERIMENT, run_stage


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A folder in which every stage ran once for either task."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for task in EXPERIMENT["tasks"]:
            for stage in STAGES:
                result = run_stage(stage, task)
                assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def here(finished, tmp_path, monkeypatch) -> Path:
    """The finished files, copied into a working directory of the test's own."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
