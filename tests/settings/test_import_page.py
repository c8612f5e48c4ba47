"""The experiments on the page on imports can be read; nothing but their files is missing."""

import re
from pathlib import Path

import pytest
import yaml

from tests.helpers.experiments import faults

PAGE = Path(__file__).parents[2] / "docs" / "import.md"
BLOCKS = [
    block
    for block in re.findall(r"(?:^    .*\n|^\n)+", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    if "\n    models:\n" in f"\n{block}"
]


def test_there_are_examples():
    assert len(BLOCKS) == 5


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_lack_only_their_files(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = faults(**yaml.safe_load(block))
    assert found and {key.rpartition(".")[2] for key in found} == {"from"}
    assert all("there is no such file" in message for message in found.values())
