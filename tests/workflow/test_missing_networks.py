"""Jobs that always die hold up nothing else, and mended they are the only ones to run."""

from pathlib import Path

import pytest

from rnnpipe.plan.rules import BLOCK_RULES
from rnnpipe.tables.parquet import read_table
from tests.workflow.checkout import Checkout, jobs_in

COHORT = "task=flipflop/model=tanh8/constraint=noautapses"
BLOCK = f"{COHORT}/seeds=0-1"
# The rule of which a stage reads a damaged table.
LAST = "skeleton"
FOLDER = "results/small"
LOG = f"{FOLDER}/logs/skeleton/flipflop.tanh8.noautapses.0-1.log"
MISSING = f"{FOLDER}/population/missing/flipflop.parquet"
TARGETS = ("skeletons", MISSING, f"{FOLDER}/figures/task=flipflop/performance.txt")
# What only the other task's networks together are needed for, and what is made of both tasks.
OTHER = f"{FOLDER}/population/missing/integrator.parquet"
OTHER_LOG = f"{FOLDER}/logs/population/integrator.log"
FINDINGS = f"{FOLDER}/findings.md"
SKIP = ("--config", "missing=skip")
NAMES = BLOCK.replace("/", ", ")


def text(checkout: Checkout, name: str) -> str:
    return (checkout.folder / FOLDER / name).read_text()


def constraints(checkout: Checkout) -> set[str]:
    """Constraints of the networks in the population's table."""
    return set(read_table(checkout.results / "population/networks/flipflop.parquet")["constraint"])


def damaged(path: Path) -> bytes:
    """The bytes of a file, of which only the first are left."""
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    return whole


@pytest.mark.slow
def test_failures_cost_their_own_networks_and_their_own_task_alone(copied):
    searches = copied.results / "searches" / BLOCK / "searches.parquet"
    # The first table is read by jobs on a block; this one by the job on its task alone.
    gathered = next(copied.results.glob("dimensionality/task=integrator/**/*.parquet"))
    whole, whole_gathered = damaged(searches), damaged(gathered)
    for table in (name for stage in BLOCK_RULES[LAST] for name in stage.outputs):
        for file in (copied.results / table / BLOCK).iterdir():
            file.unlink()

    output = copied.refused(*TARGETS, OTHER, FINDINGS)
    for path in (searches, gathered):
        assert f"error: {path.relative_to(copied.folder)}: is damaged" in output
    assert "Traceback (most recent call last)" not in output
    assert "Blocks without all their results: 1." in output
    assert f"flipflop tanh8 noautapses 0-1 ended at skeleton: {LOG}" in output
    assert "Other jobs that failed: 1." in output
    assert f"integrator ended at population: {OTHER_LOG}" in output
    assert "--config missing=skip" in output
    waiting = copied.planned()
    assert {rule for rule, names in waiting if names == NAMES} == {LAST}
    assert {names for rule, names in waiting if rule in BLOCK_RULES} == {NAMES}

    copied.run(*TARGETS, FINDINGS, *SKIP)
    missing = read_table(copied.folder / MISSING)
    assert missing[["seeds", "networks", "stage", "log"]].to_numpy().tolist() == [
        ["0-1", 2, LAST, LOG]
    ]
    assert constraints(copied) == {"none"}
    assert "2 of 4 are missing" in text(copied, "figures/task=flipflop/performance.txt")
    assert "## flipflop" in text(copied, "findings.md")
    assert "## integrator\n\nAll 2 networks are missing." in text(copied, "findings.md")
    rest = copied.planned(None, *SKIP)
    assert {rule for rule, _ in rest} == {"statistics", "seconds", "figure", "scene", "pages"}
    assert not any("integrator" in names for _, names in rest)

    searches.write_bytes(whole)
    gathered.write_bytes(whole_gathered)
    assert jobs_in(copied.run(*TARGETS, OTHER)).keys() - {("skeletons", "")} == {
        (LAST, NAMES),
        ("population", "task=flipflop"),
        ("population", "task=integrator"),
        ("figure", "task=flipflop, kind=performance"),
    }
    assert read_table(copied.folder / MISSING).empty
    assert constraints(copied) == {"none", "noautapses"}
    assert "missing" not in text(copied, "figures/task=flipflop/performance.txt")
    assert copied.planned(None, *TARGETS) == set()


def test_another_word_is_refused(finished):
    output = finished.refused("--config", "missing=keep")
    assert 'missing: "keep" is not allowed; it is skip, or left out' in output
