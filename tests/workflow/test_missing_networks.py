"""A job that always dies holds up nothing else, and mended it is the only one to run."""

from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.tables.parquet import read_table
from tests.workflow.checkout import Checkout, jobs_in

COHORT = "task=flipflop/model=tanh8/constraint=noautapses"
BLOCK = f"{COHORT}/seeds=0-1"
# The stages that wait for the search.
FROM_SEARCH = ("fixed_points", "continua", "stability", "graph")
FOLDER = "results/small"
LOG = f"{FOLDER}/logs/fixed_points/flipflop.tanh8.noautapses.0-1.log"
MISSING = f"{FOLDER}/population/missing/flipflop.parquet"
TARGETS = ("skeletons", MISSING, f"{FOLDER}/figures/task=flipflop/performance.txt")
SKIP = ("--config", "missing=skip")
NAMES = BLOCK.replace("/", ", ")


def text(checkout: Checkout, name: str) -> str:
    return (checkout.folder / FOLDER / name).read_text()


def constraints(checkout: Checkout) -> set[str]:
    """Constraints of the networks in the population's table."""
    return set(read_table(checkout.results / "population/networks/flipflop.parquet")["constraint"])


def test_one_failure_costs_its_own_networks_alone(copied):
    trajectories = copied.results / "trajectories" / BLOCK / "trajectories.parquet"
    whole = trajectories.read_bytes()
    trajectories.write_bytes(whole[:1000])
    for table in (name for stage in FROM_SEARCH for name in BLOCK_STAGES[stage].outputs):
        for file in (copied.results / table / BLOCK).iterdir():
            file.unlink()

    output = copied.refused(*TARGETS)
    assert f"error: {trajectories.relative_to(copied.folder)}: is damaged" in output
    assert "Traceback (most recent call last)" not in output
    assert "Blocks without all their results: 1." in output
    assert f"flipflop tanh8 noautapses 0-1 ended at fixed_points: {LOG}" in output
    assert "--config missing=skip" in output
    waiting = copied.planned()
    assert {rule for rule, names in waiting if names == NAMES} == set(FROM_SEARCH)
    assert {names for rule, names in waiting if rule in BLOCK_STAGES} == {NAMES}

    copied.run(*TARGETS, *SKIP)
    missing = read_table(copied.folder / MISSING)
    assert missing[["seeds", "networks", "stage", "log"]].to_numpy().tolist() == [
        ["0-1", 2, "fixed_points", LOG]
    ]
    assert constraints(copied) == {"none"}
    assert "2 of 4 are missing" in text(copied, "figures/task=flipflop/performance.txt")
    rest = copied.planned(None, *SKIP)
    gathering = {"distances", "statistics", "findings", "seconds", "figure", "scene", "pages"}
    assert {rule for rule, _ in rest} == gathering

    trajectories.write_bytes(whole)
    assert jobs_in(copied.run(*TARGETS)).keys() - {("skeletons", "")} == {
        *((stage, NAMES) for stage in FROM_SEARCH),
        ("population", "task=flipflop"),
        ("figure", "task=flipflop, kind=performance"),
    }
    assert read_table(copied.folder / MISSING).empty
    assert constraints(copied) == {"none", "noautapses"}
    assert "missing" not in text(copied, "figures/task=flipflop/performance.txt")
    assert copied.planned(None, *TARGETS) == set()


def test_another_word_is_refused(finished):
    output = finished.refused("--config", "missing=keep")
    assert 'missing: "keep" is not allowed; it is skip, or left out' in output
