"""Commands of the pages are such as can be typed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "config/README.md",
    "docs/cluster.md",
    "docs/fixed-points.md",
    "docs/universality.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_no_target_follows_the_experiments_file(page):
    """Snakemake would take it for one more file of settings."""
    text = (ROOT / page).read_text(encoding="utf-8")
    followers = re.findall(r"--configfile \S+ +(\S+)", text)
    assert [word for word in followers if word[0] not in "-#"] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_commands_name_are_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"(?:python|--configfile|check|-r) ((?:config|docs|scripts)/\S+\.\w+)", text)
    assert [name for name in named if not (ROOT / name).is_file()] == []
