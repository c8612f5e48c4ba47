"""What stages of a job have finished is there again when a later one fails, and not done again."""

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from rnnpipe.jobs.in_turn import run_in_turn
from rnnpipe.jobs.job import job
from rnnpipe.jobs.stage import Output, Stage
from rnnpipe.parameters import Settings
from rnnpipe.tables.artifacts import write_pickle
from rnnpipe.tables.parquet import write_table

ROW = pd.DataFrame({"seed": [0], "participation_ratio": [1.5], "components_85": [2]})


class Nothing(Settings):
    """Settings of both stages."""

    rounds: int = 1


def _stage(name: str) -> Stage:
    outputs = {
        "table": Output("a table", "a.parquet"),
        "rest": Output("what says nothing of itself", "a.pkl"),
    }
    return Stage(name, Nothing, (), outputs)


@job(_stage("first"))
def first(settings: Nothing, table: Path, rest: Path) -> None:
    """Write both files."""
    write_table(table, "dimensionality", ROW, settings)
    write_pickle(rest, settings.rounds)
    with Path("done").open("a") as file:
        file.write("first ")


@job(_stage("second"))
def second(settings: Nothing, table: Path, rest: Path) -> None:
    """Fail where it is told to."""
    if Path("fail").exists():
        sys.exit("error: no such luck")
    first.callback.__wrapped__(settings=settings, table=table, rest=rest)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder in which the second stage fails, and scripts of both stages."""
    monkeypatch.chdir(tmp_path)
    for name in ("first", "second"):
        text = f"from tests.jobs.test_finished import {name}\n\n{name}()\n"
        Path(f"{name}.py").write_text(text)
        Path(name).mkdir()
    Path("fail").touch()


def attempt(settings: str = "{}", code: str = "12345678") -> None:
    """Run both stages, after what the workflow removes before every attempt."""
    for path in outputs():
        path.unlink()
    words = ["--settings", settings, "--origin", json.dumps({"code": code})]
    run_in_turn("both", [[f"{n}.py", *words, *_files(n)] for n in ("first", "second")])


def fail(**other: str) -> None:
    with pytest.raises(SystemExit, match="no such luck"):
        attempt(**other)


def _files(name: str) -> list[str]:
    return ["--table", f"{name}/a.parquet", "--rest", f"{name}/a.pkl"]


def outputs() -> list[Path]:
    return [path for path in sorted(Path().glob("*/a.*")) if not path.name.startswith(".")]


def hidden() -> list[Path]:
    return sorted(Path().glob("*/.*"))


def test_a_finished_stage_is_taken_up_with_the_same_bytes_and_nothing_stays_behind(capsys):
    fail()
    before = [path.read_bytes() for path in outputs()]
    assert len(before) == len(hidden()) == 2
    Path("fail").unlink()
    attempt()
    assert Path("done").read_text() == "first first "
    assert "finished by an earlier attempt" in capsys.readouterr().err
    assert [path.read_bytes() for path in outputs()][:2] == before
    assert len(outputs()) == 4 and hidden() == []


@pytest.mark.parametrize("other", [{"settings": '{"rounds": 2}'}, {"code": "87654321"}])
def test_what_was_made_otherwise_is_made_anew(other):
    fail()
    fail(**other)
    assert Path("done").read_text() == "first first "
    Path("fail").unlink()
    attempt(**other)
    assert Path("done").read_text() == "first first first "


def test_a_stage_of_which_a_file_lacks_or_is_damaged_is_done_again():
    fail()
    hidden()[1].unlink()
    fail()
    table = hidden()[0]
    table.unlink()
    table.write_bytes(b"PAR1")
    fail()
    assert Path("done").read_text() == "first first first "


def test_by_hand_nothing_is_kept():
    with pytest.raises(SystemExit):
        run_in_turn("both", [["second.py", "--settings", "{}", *_files("second")]])
    Path("fail").unlink()
    run_in_turn("one", [["first.py", "--settings", "{}", *_files("first")]])
    assert hidden() == []
