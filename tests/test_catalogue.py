"""What catalogues of workflows and GitHub read is there, and what it names exists.

Neither can be reached from here: the form is theirs, the contents are ours to hold in step.
"""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))


def jobs(workflow: Path) -> list[dict]:
    return list(yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values())


def steps(workflow: Path) -> list[dict]:
    return [step for job in jobs(workflow) for step in job["steps"]]


def test_the_catalogue_finds_what_it_asks_of_a_workflow_in_standard_form():
    settings = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert settings["report"] is True
    assert settings["software-stack-deployment"].keys() == {
        "conda",
        "apptainer",
        "apptainer+conda",
    }
    for path in ("workflow/Snakefile", "workflow/rules", "config/config.yaml", "LICENSE"):
        assert (ROOT / path).exists()
    assert all(file.suffix == ".smk" for file in (ROOT / "workflow" / "rules").iterdir())
    words = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert "snakemake" in words and "workflow" in words


def test_the_page_on_settings_fits_under_a_heading_of_the_catalogue():
    text = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    assert min(levels) == levels[0] == 2
    assert all(inner <= outer + 1 for outer, inner in pairwise(levels))


def test_profiles_are_the_same_wherever_they_are_looked_for():
    """Copies of the experiments take those at the top along, Snakemake looks beside its file."""
    beside = ROOT / "workflow" / "profiles"
    assert beside.resolve() == ROOT / "profiles"
    assert {path.parent.name for path in beside.glob("*/config.yaml")} == {"default", "slurm"}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_run_targets_of_make_and_nothing_else(workflow):
    commands = [step["run"].split() for step in steps(workflow) if "run" in step]
    assert commands
    for make, *targets in commands:
        assert make == "make"
        assert set(targets) <= TARGETS


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_files_that_workflows_name_exist_or_are_made_by_make(workflow):
    given = [step["with"] for step in steps(workflow) if "with" in step]
    paths = [with_[key] for with_ in given for key in ("path", "files") if key in with_]
    absent = [path for path in paths if not (ROOT / path).exists()]
    made = {
        path for path in absent if all(part in MAKEFILE for part in path.strip("/*").split("/"))
    }
    assert set(absent) == made


def test_actions_are_named_by_their_major_version():
    used = [step["uses"] for workflow in WORKFLOWS for step in steps(workflow) if "uses" in step]
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+", name)] == []


def test_every_python_that_is_used_is_one_that_the_package_allows():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = "\n".join(workflow.read_text(encoding="utf-8") for workflow in WORKFLOWS)
    versions = set(re.findall(r"\b3\.\d+\b", text))
    assert f">={min(versions, key=as_numbers)}" == project["requires-python"]
    assert len(versions) > 1


def as_numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
