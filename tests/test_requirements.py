"""What pip and conda install is one set, and it is the set in use."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {
    "matplotlib-base": "matplotlib",
    "snakemake-minimal": "snakemake",
    "pytorch": "torch",
}


def pins(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line[:1] not in ("", "#")]
    matches = [re.fullmatch(r"([a-z0-9-]+)==([0-9.]+(?:post[0-9]+)?)", line) for line in lines]
    assert all(matches), f"{name}: every line is an exact pin"
    return {match[1]: match[2] for match in matches}


def test_the_conda_environment_pins_the_same_set():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, *others = environment["dependencies"]
    assert python == "python>=3.11"
    # The plainest of conda's match specifications: nothing in it can be misread.
    matches = [re.fullmatch(r"([a-z0-9-]+)=([0-9.]+)", spec) for spec in others]
    assert all(matches)
    specs = {match[1]: match[2] for match in matches}
    pinned = pins("requirements.txt") | pins("requirements-slurm.txt")
    assert {CONDA_NAMES.get(name, name): pin for name, pin in specs.items()} == pinned


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "requirements-dev.txt",
        pytest.param("requirements-slurm.txt", marks=pytest.mark.slurm),
    ],
)
def test_the_pinned_set_is_the_one_tested(name):
    for package, pin in pins(name).items():
        assert version(package).split("+")[0] == pin
