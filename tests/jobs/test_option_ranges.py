"""Numbers on command lines have ranges, which NaN and infinity do not lie in."""

import click
import pytest
from click.testing import CliRunner

from rnnpipe.commands.main import main
from rnnpipe.jobs.option_ranges import range_of
from rnnpipe.parameters import Few, Pixels, Seed
from tests.helpers.script_runs import SCRIPTS, script

COMMANDS = {**main.commands, **{f"{name}.py": script(name) for name in SCRIPTS}}
# A value in words is refused of every number, and others by its range.
BAD = {
    "threads": ["0", "-1", "1001", "1.5", "nan", "many"],
    "checkpoint_every": ["-1", "nan", "inf", "-inf", "often"],
    "seconds": ["0", "-1", "nan", "inf", "601", "long"],
    "rate": ["0", "101", "nan", "inf"],
    "width": ["0", "159", "8001", "nan", "wide"],
    "trials": ["0", "-3", "1e3"],
    "seed": ["-1", str(2**63), "nan"],
    "order": ["-1", "nan"],
    "cores": ["0", "-1", "1.5", "many"],
}


def numbers() -> list[tuple[str, click.Option]]:
    """Every option that takes a number, and the command that has it."""
    kinds = (click.types.IntParamType, click.types.FloatParamType)
    return [
        (name, option)
        for name, command in COMMANDS.items()
        for option in command.params
        if isinstance(option, click.Option) and isinstance(option.type, kinds)
    ]


@pytest.mark.parametrize(
    ("name", "option"), numbers(), ids=lambda value: getattr(value, "name", value)
)
def test_a_number_out_of_its_range_is_refused_by_the_name_of_its_option(tmp_path, name, option):
    places = {"results": str(tmp_path), "movie": "x.mp4", "file": __file__}
    needed = (p for p in COMMANDS[name].params if isinstance(p, click.Argument) and p.required)
    given = [places[argument.name] for argument in needed]
    flag = option.opts[0]
    for value in BAD[option.name]:
        result = CliRunner().invoke(COMMANDS[name], [*given, f"{flag}={value}"])
        assert result.exit_code == 2, result.output
        assert f"Invalid value for '{flag}'" in result.output and " is not" in result.output


def test_every_script_has_threads_within_a_range():
    assert sum(option.name == "threads" for _, option in numbers()) == len(SCRIPTS)


@pytest.mark.parametrize(
    ("kind", "low", "high"), [(Pixels, 600, 8000), (Few, 1, 1000), (Seed, 0, 2**63 - 1)]
)
def test_ranges_are_those_of_settings(kind, low, high):
    found = range_of(kind)
    assert (found.min, found.max) == (low, high)
