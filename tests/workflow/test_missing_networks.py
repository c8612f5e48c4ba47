"""A job that always dies holds up nothing else, and mended it is the only one to run."""

import pytest

from rnnpipe.tables.parquet import read_table
from tests.helpers.torch_networks import save_networks
from tests.workflow.checkout import Checkout

NETWORKS = {"cell": "gru", "inputs": 1, "units": 6, "outputs": 1}
CHANGES = {
    "seeds": "0-3",
    "tasks": {"flipflop": {"bits": 1, "time": 12, "solved": 0.9}},
    "models": {"mine": {"cell": "gru", "units": 6, "from": "networks/{seed}.pt"}},
    "constraints": {"none": {}},
    "exclude": [],
}
FOLDER = "results/small"
MISSING = f"{FOLDER}/population/missing/flipflop.parquet"
TARGETS = ("skeletons", MISSING, f"{FOLDER}/figures/task=flipflop/performance.txt")
SKIP = ("--config", "missing=skip")
FIRST, SECOND = (
    f"task=flipflop, model=mine, constraint=none, seeds={seeds}" for seeds in ("0-1", "2-3")
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Checkout:
    """A checkout in which the import of one of two blocks fails, whatever one does."""
    checkout = Checkout(tmp_path_factory.mktemp("missing"))
    save_networks(checkout.folder / "networks", range(4), **NETWORKS)
    (checkout.folder / "networks" / "3.pt").write_text("damaged")
    return checkout


def planned(checkout: Checkout, *arguments: str) -> set[tuple[str, str]]:
    return checkout.planned(CHANGES, *arguments)


def text(checkout: Checkout, name: str) -> str:
    return (checkout.folder / FOLDER / name).read_text()


def test_one_failure_costs_its_own_networks_alone(checkout):
    output = checkout.refused(*TARGETS, **CHANGES)
    assert "Blocks without all their results: 1." in output
    log = f"{FOLDER}/logs/import_networks/flipflop.mine.none.2-3.log"
    assert f"flipflop mine none 2-3 ended at train: {log}" in output
    assert "--config missing=skip" in output
    assert not list(checkout.results.glob("population/networks/*"))
    whole = planned(checkout)
    assert ("import_networks", SECOND) in whole and ("graph", SECOND) in whole
    assert FIRST not in {names for _, names in whole}

    checkout.run(*TARGETS, *SKIP, **CHANGES)
    missing = read_table(checkout.folder / MISSING)
    assert missing[["seeds", "networks", "stage", "log"]].to_numpy().tolist() == [
        ["2-3", 2, "train", log]
    ]
    networks = read_table(checkout.results / "population/networks/flipflop.parquet")
    assert set(networks["seed"]) == {0, 1}
    assert "2 of 4 are missing" in text(checkout, "figures/task=flipflop/performance.txt")
    rest = planned(checkout, *SKIP)
    gathering = {"distances", "statistics", "findings", "seconds", "figure", "scene", "pages"}
    assert {rule for rule, _ in rest} == gathering

    save_networks(checkout.folder / "networks", range(3, 4), **NETWORKS)
    jobs = planned(checkout, *TARGETS)
    assert {rule for rule, names in jobs if names == SECOND} >= {"import_networks", "graph"}
    assert {names for rule, names in jobs} <= {SECOND, "", "task=flipflop"} | {
        "task=flipflop, kind=performance"
    }
    checkout.run(*TARGETS, **CHANGES)
    assert read_table(checkout.folder / MISSING).empty
    networks = read_table(checkout.results / "population/networks/flipflop.parquet")
    assert set(networks["seed"]) == {0, 1, 2, 3}
    assert "missing" not in text(checkout, "figures/task=flipflop/performance.txt")
    assert planned(checkout, *TARGETS) == set()


def test_another_word_is_refused(checkout):
    output = checkout.refused("--config", "missing=keep", **CHANGES)
    assert 'missing: "keep" is not allowed; it is skip, or left out' in output
