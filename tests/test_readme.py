"""Commands of the pages can be typed, and what the pages name exists."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from rnnpipe.commands.main import main
from rnnpipe.tables.schemas import SCHEMAS
from tests.test_architecture import ROOMS

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "config/README.md",
    "config/tasks.md",
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")),
)
# Folders whose files a page may name without their folder.
OF_MODULES = tuple(
    ROOT / "rnnpipe" / room
    for room in ("dynamics/fixed_points", "dynamics/proof", "population/findings")
)
FOLDERS = ("benchmarks", "config", "docs", "profiles", "rnnpipe", "scripts", "tests", "workflow")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def exists(dotted: str) -> bool:
    """Whether a dotted name is a module or an attribute of a module."""
    module, _, name = dotted.rpartition(".")
    try:
        return hasattr(import_module(module), name) or bool(import_module(dotted))
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("page", PAGES)
def test_no_target_follows_the_experiments_file(page):
    """Snakemake would take it for one more file of settings."""
    followers = re.findall(r"--configfile [^\s`]+ +(\S+)", text(page))
    assert [word for word in followers if word[0] not in "-#"] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_and_folders_that_are_named_exist(page):
    named = re.findall(rf"(?<![\w/.=-])(?:{'|'.join(FOLDERS)})/[\w./-]*\w/?", text(page))
    named += re.findall(r"\]\(([\w./-]+)\)", text(page))
    named += re.findall(r"`(\w+\.py)`", text(page))
    places = (ROOT, (ROOT / page).parent, *OF_MODULES)
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


@pytest.mark.parametrize("page", PAGES)
def test_modules_and_functions_that_are_named_exist(page):
    named = re.findall(r"`(rnnpipe(?:\.\w+)+)", text(page))
    assert [name for name in named if not exists(name)] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_are_named_exist(page):
    named = re.findall(r"(?:^ +|`|bin/)rnnpipe ([a-z]+)", text(page), flags=re.MULTILINE)
    assert set(named) <= set(main.commands)


@pytest.mark.parametrize("page", PAGES)
def test_targets_of_make_that_are_named_exist(page):
    known = re.findall(r"^([a-z-]+):", text("Makefile"), flags=re.MULTILINE)
    named = re.findall(r"(?:^ +|`)make ([a-z-]+)", text(page), flags=re.MULTILINE)
    assert set(named) <= set(known)


def test_the_map_names_the_rooms_in_their_order():
    section = text("README.md").split("## Where things are")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)/` \|", section, flags=re.MULTILINE)
    assert rows[: len(ROOMS)] == list(ROOMS)
    assert sorted(rows[len(ROOMS) :]) == sorted({*FOLDERS} - {"rnnpipe"})


def test_words_are_explained_before_any_section_uses_them():
    first = re.split(r"^## ", text("README.md"), flags=re.MULTILINE)[1]
    assert first.startswith("Words\n")
    words = "task model constraint seed network cohort block population probe attractor skeleton"
    assert set(words.split()) <= set(re.findall(r"^\| ([a-z ]+) \|", first, flags=re.MULTILINE))


def test_the_readme_says_what_every_table_holds():
    section = text("README.md").split("## What comes out where")[1].split("\n## ")[0]
    named = re.findall(r"`(?:population/)?(\w+)(?:/|\.parquet)`", section)
    assert set(SCHEMAS) <= set(named)
