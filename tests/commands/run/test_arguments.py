"""Snakemake is told what the command line says, and its own options have the last word."""

import os
from pathlib import Path

import pytest
import yaml

from rnnpipe.commands.run.arguments import asked
from rnnpipe.plan.shipped import config_folder, workflow_folder
from rnnpipe.settings import SettingsError
from tests.helpers.experiments import mapping

FILE = Path("mine.yaml")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    FILE.write_text(yaml.safe_dump(mapping()))


def told(*options: str, targets=(), cores=None):
    return asked(FILE, targets, cores, options)


def test_by_default_all_cores_run_everything_with_the_shipped_profile():
    values = told().values
    assert values.cores == len(os.sched_getaffinity(0))
    assert (values.configfile, values.targets) == ([FILE], [])
    assert values.snakefile == str(workflow_folder() / "Snakefile")
    assert values.keep_going and values.scheduler == "greedy"


@pytest.mark.parametrize(
    ("options", "cores"), [([], 3), (["--cores", "2"], 2), (["--jobs", "1"], None)]
)
def test_cores_are_those_of_the_option_that_comes_last(options, cores):
    values = told(*options, cores=3 if not options or cores == 2 else None).values
    assert values.cores == cores


def test_a_cluster_has_no_number_of_cores(tmp_path):
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster/config.yaml").write_text("executor: dryrun\njobs: 5\n")
    values = told("--workflow-profile", "cluster").values
    assert (values.cores, values.jobs, values.executor) == (None, 5, "dryrun")


def test_targets_are_never_taken_for_files_of_settings():
    values = told("--config", "stale=show", targets=("networks", "skeletons")).values
    assert (values.targets, values.configfile) == (["networks", "skeletons"], [FILE])
    assert not told(targets=("networks",)).names_files
    assert told(targets=("results/x/findings.md",)).names_files


@pytest.mark.parametrize(
    "options",
    [
        "--dry-run",
        "--unlock",
        "--summary",
        "--lint",
        "--dag",
        "--report",
        "--list-rules",
        "--delete-all-output",
        "--touch",
        "--archive x.tar",
        "--list-changes code",
    ],
)
def test_what_runs_no_jobs_is_told_apart(options):
    assert told().runs_jobs
    assert not told(*options.split()).runs_jobs


def test_a_report_after_the_run_is_a_run():
    assert told("--report", "x.zip", "--report-after-run").runs_jobs


def test_values_on_the_command_line_take_part_in_the_plan():
    assert told("--config", "seeds=0-9", "missing=skip").plan().experiment.seeds == tuple(range(10))
    with pytest.raises(SettingsError, match="seeds"):
        told("--config", "seeds=9-0").plan()
    assert told("--config", "missing=skip").skips and not told("--config", "seeds=1").skips
    without = told("--config", "seeds=0-9")
    without.skip()
    assert without.values.config == ["seeds=0-9", "missing=skip"]


def test_another_folder_is_entered_with_the_file_still_found():
    wanted = told("--directory", "far/away")
    assert wanted.enter_folder() == Path("far/away")
    assert Path.cwd().name == "away"
    assert wanted.plan().name == "x"


def test_an_unknown_option_ends_with_2_and_is_named(capsys):
    with pytest.raises(SystemExit) as caught:
        told("--no-such-option")
    assert caught.value.code == 2
    assert "--no-such-option" in capsys.readouterr().err


def test_shipped_experiments_are_found():
    assert (config_folder() / "first.yaml").is_file()
