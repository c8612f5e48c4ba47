"""Every benchmark imports what is there, and its command says what it measures."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

ROOT = Path(__file__).parents[1]


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The benchmarks by name; their names, as short as `training`, are forgotten afterwards."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))
    yield {name: importlib.import_module(name) for name in names}
    for name in names:
        del sys.modules[name]


def test_commands_of_all_benchmarks_say_what_they_measure(
    benchmarks: dict[str, ModuleType],
) -> None:
    commands = {name: b.main for name, b in benchmarks.items() if hasattr(b, "main")}
    made = (ROOT / "Makefile").read_text()
    assert {name for name in benchmarks if f"benchmarks/{name}.py" in made} <= set(commands)
    for name, command in commands.items():
        shown = CliRunner().invoke(command, ["--help"])
        assert shown.exit_code == 0, (name, shown.output)
        assert command.help, name
