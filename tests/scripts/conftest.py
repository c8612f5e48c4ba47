"""A chain of scripts that has run to its end."""

import shutil
from pathlib import Path

import pytest

from tests.helpers.chain import finished_chain, tabled_chain


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Path:
    """A folder in which every stage ran once for either task; tests only read it."""
    return finished_chain(tmp_path_factory)


@pytest.fixture
def here(finished, tmp_path, monkeypatch) -> Path:
    """The finished files, copied into a working directory of the test's own."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def tabled(tmp_path_factory) -> Path:
    """The finished files with the population tables of either task; tests only read it."""
    return tabled_chain(tmp_path_factory)


@pytest.fixture
def gathered(tabled, tmp_path, monkeypatch) -> Path:
    """Files of stages and population tables, in a working directory of the test's own."""
    shutil.copytree(tabled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
