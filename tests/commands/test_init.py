"""What `rnnpipe init` writes is valid, and nothing is overwritten; bare `rnnpipe` leads there."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from rnnpipe.commands.init import FIRST, copied_text, shipped_experiments
from rnnpipe.commands.main import main
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import load_experiment


def invoke(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_first_experiment_is_valid_small_and_without_warnings():
    result = invoke("init")
    assert result.exit_code == 0
    experiment = load_experiment("first.yaml")
    assert experiment.name == FIRST
    assert not experiment.warnings()
    assert sum(map(len, Plan(experiment).jobs().values())) < 50
    assert "rnnpipe run first.yaml" in result.stdout


def test_every_shipped_experiment_can_be_listed_and_copied():
    listed = [line.split()[0] for line in invoke("init", "--list").stdout.splitlines()]
    assert listed == list(shipped_experiments()) and listed[0] == FIRST
    assert "quickstart" in listed
    for name, file in shipped_experiments().items():
        assert invoke("init", "copies", "--from", name).exit_code == 0
        copy = Path("copies", f"{name}.yaml")
        assert load_experiment(copy) == load_experiment(file)
        assert copy.read_text() == copied_text(file)
        assert "$schema" not in copy.read_text()


def test_a_file_that_is_there_is_kept():
    Path("first.yaml").write_text("mine")
    result = invoke("init")
    assert result.exit_code == 1 and "is there already" in result.stderr
    assert Path("first.yaml").read_text() == "mine"


def test_an_unknown_name_is_answered_with_the_known_ones():
    result = invoke("init", "--from", "second")
    assert result.exit_code == 2 and "first, quickstart" in result.stderr.replace("\n", " ")


def test_without_a_command_the_first_steps_are_named():
    result = invoke()
    assert result.exit_code == 0
    assert "rnnpipe init" in result.stdout and "rnnpipe run first.yaml" in result.stdout
