"""Blocks that an experiment no longer names are noticed and named."""

from pathlib import Path

import pytest

from rnnpipe.plan.missing import leftover_folders, leftover_text
from tests.helpers.plans import plan


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def made() -> None:
    for file in plan().files("weights"):
        Path(file).parent.mkdir(parents=True, exist_ok=True)


def test_an_experiments_own_blocks_are_none():
    assert leftover_folders(plan()) == []
    made()
    assert leftover_folders(plan()) == []
    assert leftover_text([]) == ""


def test_blocks_of_another_size_are_left_over():
    made()
    coarse = plan(compute={"seeds_per_job": 64})
    left = leftover_folders(coarse)
    assert {str(Path(file).parent) for file in plan().files("weights")} == set(left)
    assert leftover_folders(plan()) == []


def test_the_text_names_the_first_and_counts_the_rest():
    folders = [f"results/x/weights/task=a/model=m/constraint=c/seeds={s}-{s}" for s in range(7)]
    text = leftover_text(folders)
    assert "results/x holds blocks that this experiment does not name: 7." in text
    assert "task=a/model=m/constraint=c/seeds=4-4" in text and "seeds=5-5" not in text
    assert "and 2 more" in text
