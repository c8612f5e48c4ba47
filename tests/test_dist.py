"""What `make dist` builds: a wheel and a source distribution, each whole, and nothing else."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.workflow.checkout import GIT, Checkout


def build(source: Path, target: Path, *more: str) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(target), *more]
    subprocess.run(command, cwd=source, check=True, capture_output=True)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """A clone whose working tree holds no more than its commit."""
    return Checkout(tmp_path_factory.mktemp("source")).committed().folder


@pytest.fixture(scope="module")
def built(source, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build(source, folder)
    return folder


def wheel_in(folder: Path) -> dict[str, bytes]:
    """Contents of the one wheel in a folder, by name, but for the list of them."""
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/RECORD")]
        return {name: archive.read(name) for name in names}


def test_nothing_is_left_in_the_tree(source, built):
    words = ("status", "--porcelain", "--ignored")
    status = subprocess.run([*GIT, source, *words], capture_output=True, text=True, check=True)
    assert status.stdout == ""


def test_a_wheel_carries_the_workflow_its_scripts_the_experiments_and_the_commit(source, built):
    wheel = wheel_in(built)
    for part in ("workflow", "scripts", "config"):
        own = [path for path in (source / part).rglob("*") if path.is_file()]
        assert own
        for path in own:
            name = f"rnnpipe/shipped/{path.relative_to(source)}"
            assert wheel[name] == path.read_bytes()
    # A link to a folder in a checkout.
    profile = (source / "profiles/default/config.yaml").read_bytes()
    assert wheel["rnnpipe/shipped/workflow/profiles/default/config.yaml"] == profile
    head = subprocess.run([*GIT, source, "rev-parse", "HEAD"], capture_output=True, check=True)
    assert wheel["rnnpipe/commit.txt"] == head.stdout
    tops = {name.partition("/")[0] for name in wheel}
    assert tops == {"rnnpipe", next(name for name in tops if name.endswith(".dist-info"))}


def test_a_source_distribution_makes_the_same_wheel_without_the_repository(built, tmp_path):
    (file,) = built.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    build(unpacked, tmp_path / "dist", "-t", "wheel")
    assert wheel_in(tmp_path / "dist") == wheel_in(built)
