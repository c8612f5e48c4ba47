"""A chain of scripts that has run to its end, once for all tests that read it."""

import shutil
from pathlib import Path

import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import output_paths
from tests.helpers.built_once import built_once
from tests.helpers.script_runs import CHAIN, EXPERIMENT, invoke, plan, run_stage


def finished_chain(factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which every stage ran once for either task."""

    def run(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            for task in EXPERIMENT["tasks"]:
                for stage in CHAIN:
                    result = run_stage(stage, task)
                    assert result.exit_code == 0, result.output

    return built_once(factory, "chain", run)


def tabled_chain(factory: pytest.TempPathFactory) -> Path:
    """Return such a folder with the population tables of either task."""
    finished = finished_chain(factory)

    def gather(folder: Path) -> None:
        shutil.copytree(finished, folder, dirs_exist_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            for task in EXPERIMENT["tasks"]:
                files = output_paths("x", "population", task)
                result = invoke("population", settings_text(plan(), "population", task), files)
                assert result.exit_code == 0, result.output

    return built_once(factory, "tabled", gather)
