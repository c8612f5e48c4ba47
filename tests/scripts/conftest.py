"""A chain of scripts that has run to its end."""

import shutil
from pathlib import Path

import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import output_paths
from rnnpipe.plan.stages import BLOCK_STAGES
from tests.helpers.built_once import built_once
from tests.helpers.script_runs import EXPERIMENT, invoke, plan, run_stage


def run_chain(folder: Path) -> None:
    """Run every stage once for either task."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for task in EXPERIMENT["tasks"]:
            for stage in BLOCK_STAGES:
                result = run_stage(stage, task)
                assert result.exit_code == 0, result.output


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Path:
    """A folder in which every stage ran once for either task; tests only read it."""
    return built_once(tmp_path_factory, "chain", run_chain)


@pytest.fixture
def here(finished, tmp_path, monkeypatch) -> Path:
    """The finished files, copied into a working directory of the test's own."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def tabled(finished, tmp_path_factory) -> Path:
    """The finished files with the population tables of either task; tests only read it."""

    def gather(folder: Path) -> None:
        shutil.copytree(finished, folder, dirs_exist_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            for task in EXPERIMENT["tasks"]:
                files = output_paths("x", "population", task)
                result = invoke("population", settings_text(plan(), "population", task), files)
                assert result.exit_code == 0, result.output

    return built_once(tmp_path_factory, "tabled", gather)


@pytest.fixture
def gathered(tabled, tmp_path, monkeypatch) -> Path:
    """Files of stages and population tables, in a working directory of the test's own."""
    shutil.copytree(tabled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
