"""Scripts take settings in any form, limit their threads, and fail in one line."""

import gc
import json
import os

import click
import pytest
import torch
from click.testing import CliRunner
from pydantic import Field

from rnnpipe.jobs.job import job, limit_threads
from rnnpipe.jobs.stage import Output, Stage
from rnnpipe.parameters import Positive, Settings
from rnnpipe.tables.artifacts import ArtifactError


class Something(Settings):
    """Settings of the command."""

    x: Positive | None = Field(None, description="A number.")
    fail: bool = False


STAGE = Stage(
    "something",
    Something,
    (),
    {"target": Output("something else", "x.pt")},
    {"source": "something"},
)


@job(STAGE)
def command(settings, source, target):
    """Do something."""
    if settings.fail:
        raise ArtifactError("a.parquet: is damaged")
    click.echo(json.dumps([settings.x, str(source), str(target), torch.get_num_threads()]))


def run(settings: str, *more: str):
    arguments = ["--settings", settings, "--source", "a", "--target", "b", *more]
    return CliRunner().invoke(command, arguments)


def test_settings_may_be_text_or_a_json_or_yaml_file(tmp_path):
    text = json.dumps({"x": 1e-08})
    (tmp_path / "s.json").write_text(text)
    (tmp_path / "s.yaml").write_text("x: 1.0e-8\n")
    for settings in (text, str(tmp_path / "s.json"), str(tmp_path / "s.yaml")):
        assert json.loads(run(settings).output) == [1e-8, "a", "b", 1]


def test_garbage_is_collected_again_when_a_job_begins():
    gc.disable()
    try:
        assert run("{}").exit_code == 0 and gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()


@pytest.mark.parametrize("settings", ["{", "nowhere.json", "[1]"])
def test_other_settings_are_refused(settings):
    result = run(settings)
    assert result.exit_code == 2
    assert "settings" in result.output


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ('{"x": -1}', "x: -1 is not a number > 0 or null"),
        (
            '{"task": {}}',
            "--settings: the keys of this job are x, fail, and the settings have task",
        ),
    ],
)
def test_settings_that_do_not_fit_are_named_with_what_is_allowed(settings, fault):
    result = run(settings)
    assert result.exit_code == 1
    assert result.output == f"error: {fault}\n"


def test_a_bad_file_is_one_line():
    result = run('{"fail": true}')
    assert result.exit_code == 1
    assert result.output == "error: a.parquet: is damaged\n"


def test_threads_are_limited():
    before = torch.get_num_threads()
    try:
        assert json.loads(run("{}", "--threads", "2").output)[-1] == 2
        limit_threads(1)
        assert torch.get_num_threads() == 1
        assert os.environ["OMP_NUM_THREADS"] == "1"
    finally:
        limit_threads(before)


def test_help_says_what_is_read_and_written():
    text = CliRunner().invoke(command, ["--help"]).output
    assert "Do something." in text
    assert "Reads something." in text and "Writes something else." in text
