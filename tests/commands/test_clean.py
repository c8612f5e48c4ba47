"""`rnnpipe clean` removes all of a block that no experiment names, and nothing else."""

from dataclasses import astuple
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from rnnpipe.commands.main import main
from rnnpipe.plan.leftovers import leftover_text, leftovers
from rnnpipe.plan.paths import (
    block_benchmark,
    block_log,
    checkpoint_path,
    log_path,
    rule_outputs,
    scene_folder,
)
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import BLOCK_RULES
from tests.helpers.plans import EXPERIMENT, plan

ROOT = Path("results/x")
# Blocks of two seeds, of which the small experiment with blocks of four names none.
FINE = {"compute": {"seeds_per_job": 2}}


def write(of: Plan) -> set[Path]:
    """All that jobs of a plan leave, and what they left."""
    written = set()
    for rule, stages in BLOCK_RULES.items():
        for cohort, block in of.blocks(stages[0].name):
            names = (*astuple(cohort), block.label)
            written |= {
                *map(Path, rule_outputs("x", rule, *names).values()),
                Path(block_log("x", rule, cohort, block.label)),
                Path(block_benchmark("x", rule, cohort, block.label)),
                Path(checkpoint_path("x", "train", cohort, block.label)),
                Path(scene_folder("x", cohort, block.label), "seed=0.png"),
                Path(scene_folder("x", cohort, "examples"), "seed=0.png"),
                Path(log_path("x", "scene", *astuple(cohort), "examples")),
            }
    written |= {ROOT / "figures/task=memory/census.png", ROOT / "findings.md"}
    for path in written:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return written


def present() -> set[Path]:
    return {path for path in ROOT.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(yaml.safe_dump(EXPERIMENT))


def clean(*options: str):
    return CliRunner().invoke(main, ["clean", "mine.yaml", *options])


def test_an_experiments_own_blocks_are_kept():
    own = write(plan())
    result = clean("--yes")
    assert result.exit_code == 0 and "holds no block" in result.stdout
    assert present() == own
    assert leftover_text(plan()) == ""


def test_all_of_a_block_goes_and_nothing_else():
    own = write(plan())
    write(plan(**FINE))
    listed = clean()
    assert "memory tanh10 none 0-1" in listed.stdout and "--yes does" in listed.stdout
    assert present() > own
    assert clean("--yes").exit_code == 0
    assert present() == own
    assert not [path for path in ROOT.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_a_constraint_that_was_given_up_goes_with_its_pictures():
    gone = EXPERIMENT["constraints"] | {"sparse": {"density": 0.5}}
    own = write(plan())
    write(plan(constraints=gone))
    clean("--yes")
    assert present() == own


def test_what_rules_that_are_gone_left_goes_with_and_without_its_block():
    own = write(plan())
    cohort = next(iter(plan().every_block))
    for seeds in ("0-3", "0-1"):
        for path in (
            Path(block_log("x", "behaviour", cohort, seeds)),
            Path(block_benchmark("x", "behaviour", cohort, seeds)),
            Path(checkpoint_path("x", "graph", cohort, seeds)),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
    other = ROOT / "logs/mine/notes.txt"
    other.parent.mkdir()
    other.write_text("no job's")
    listed = clean().stdout
    assert "files of 2 rules that there are no longer:\n  behaviour  2 files" in listed
    assert f"{astuple(cohort)[1]} none 0-1  3 files" in listed
    assert clean("--yes").exit_code == 0
    assert present() == own | {other}
    assert not (ROOT / "logs/behaviour").exists()


def test_what_another_experiment_of_the_same_folder_names_is_kept():
    Path("config").mkdir()
    Path("config/fine.yaml").write_text(yaml.safe_dump({**EXPERIMENT, **FINE}))
    both = write(plan()) | write(plan(**FINE))
    result = clean("--yes")
    assert "mine.yaml or config/fine.yaml" in result.stdout
    assert present() == both


def test_another_file_with_faults_forbids_to_tell():
    Path("other.yaml").write_text("experiment: x\nseeds: 3-1\n")
    left = write(plan(**FINE))
    result = clean("--yes")
    assert result.exit_code == 1 and "other.yaml" in result.stderr
    assert present() == left


def test_nothing_is_removed_while_a_workflow_runs():
    left = write(plan(**FINE))
    Path(".snakemake/locks").mkdir(parents=True)
    Path(".snakemake/locks/0.input.lock").touch()
    result = clean("--yes")
    assert result.exit_code == 1 and "a workflow runs here" in result.stderr
    assert present() == left


def test_a_run_names_the_first_blocks_left_over_and_counts_the_rest():
    write(plan(**FINE))
    text = leftover_text(plan())
    found = {block for block, _ in leftovers([plan()], ROOT).items()}
    assert f"results/x holds blocks that this experiment does not name: {len(found)}." in text
    assert f"and {len(found) - 5} more" in text and "rnnpipe clean" in text
