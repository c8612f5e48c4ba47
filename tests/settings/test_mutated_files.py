"""Mutated experiment files are refused by name or accepted, without a traceback, and soon."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.settings.mutated_files import MOST_BYTES, MOST_SECONDS

ROOT = Path(__file__).parents[2]


def checked(folder: Path, first: int, count: int) -> list[dict[str, Any]]:
    """What became of the mutants of `count` seeds from `first` on."""
    command = [sys.executable, "-m", "tests.settings.mutated_files"]
    arguments = [str(folder), str(first), str(count)]
    done = subprocess.run(
        [*command, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_sound(found: list[dict[str, Any]]) -> None:
    broken = [one for one in found if one["ended"] == "broke"]
    assert not broken, (
        f"{len(broken)}, first seed {broken[0]['seed']}: {broken[0]['words'][-2000:]}"
    )
    assert max(one["seconds"] for one in found) < MOST_SECONDS
    assert max(one["bytes"] for one in found) < MOST_BYTES
    for one in found:
        heading, *lines = one["words"].splitlines()
        if one["ended"] == "refused":
            name = f"{one['seed']}.yaml"
            assert heading.startswith(f"{name}: ") and heading.endswith(("fault", "faults"))
            assert f": {len(lines)} fault" in heading, one
            assert all(line.startswith("  ") and line.isprintable() for line in lines), one


def test_some(tmp_path):
    found = checked(tmp_path, 0, 150)
    assert_sound(found)
    assert {one["ended"] for one in found} == {"refused", "accepted"}


@pytest.mark.slow
def test_two_thousand(tmp_path):
    found = checked(tmp_path, 0, 2000)
    assert_sound(found)
    accepted = [one for one in found if one["ended"] == "accepted"]
    assert len(accepted) > 200
    print(
        f"{len(found) - len(accepted)} refused, {len(accepted)} accepted; slowest "
        f"{max(one['seconds'] for one in found):.2f} s; at most "
        f"{max(one['bytes'] for one in found) / 1e6:.0f} MB"
    )
