"""Snakemake on networks, trials, a task class and a cell class that the user brings."""

import pytest

from rnnpipe.networks.weights_file import load_networks
from tests.helpers.own_files import ADAPTING, DELAY, write_cell, write_class, write_trials
from tests.helpers.torch_networks import network, save_networks
from tests.workflow.checkout import Checkout

CHANGES = {
    "seeds": "0-2",
    "tasks": {
        "recorded": {"kind": "file", "path": "trials.npz"},
        "delay": {"kind": "mytasks.py:Delay", "delay": 3},
    },
    "models": {
        "mine": {"cell": "gru", "units": 6, "from": "networks/{seed}.pt"},
        "tanh8": {"cell": "vanilla", "units": 8},
        "tiring": {"cell": "mycells.py:Adapting", "units": 8, "strength": 0.3},
    },
    "constraints": {"none": {}},
    "exclude": [
        {"task": "delay", "model": "mine"},
        {"task": "recorded", "model": "tanh8"},
        {"task": "recorded", "model": "tiring"},
    ],
}
NETWORKS = {"cell": "gru", "inputs": 2, "units": 6, "outputs": 1}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Checkout:
    """A checkout in which networks were imported and trained, and nothing else was done."""
    checkout = Checkout(tmp_path_factory.mktemp("own"))
    write_trials(checkout.folder / "trials.npz")
    write_class(path=checkout.folder / "mytasks.py")
    write_cell(path=checkout.folder / "mycells.py")
    save_networks(checkout.folder / "networks", range(4), **NETWORKS)
    checkout.run("networks", **CHANGES)
    return checkout


def planned(checkout: Checkout, model: str = "", **changes) -> set[tuple[str, str]]:
    """Jobs that would make networks anew, of one model if it is named: rule, the block's seeds."""
    jobs = checkout.planned({**CHANGES, **changes})
    first = {"train", "import_networks"}
    return {
        (rule, names.rpartition("=")[2]) for rule, names in jobs if rule in first and model in names
    }


def test_networks_are_imported_in_the_place_of_training(checkout):
    found = sorted(checkout.results.glob("weights/**/weights.pt"))
    cohorts = {path.relative_to(checkout.results / "weights").parts[:2] for path in found}
    assert cohorts == {
        ("task=recorded", "model=mine"),
        ("task=delay", "model=tanh8"),
        ("task=delay", "model=tiring"),
    }
    path = next(path for path in found if "model=mine" in str(path) and "seeds=2-3" in str(path))
    networks, seeds = load_networks(path)
    assert seeds == [2]
    own = network(seed=2, **NETWORKS).state_dict()
    assert (networks.weights().recurrent[0] == own["rnn.weight_hh_l0"]).all()


def test_nothing_runs_again(checkout):
    for name in ("trials.npz", "mytasks.py", "mycells.py"):
        (checkout.folder / name).touch()
    assert planned(checkout) == set()


def test_an_edited_network_imports_its_block_and_an_edited_task_class_trains_its_networks(checkout):
    file = checkout.folder / "networks" / "2.pt"
    before = file.read_bytes()
    save_networks(checkout.folder / "networks", range(2, 3), **{**NETWORKS, "bias": False})
    write_class(DELAY.replace("0.9", "0.8"), checkout.folder / "mytasks.py")
    jobs = planned(checkout)
    file.write_bytes(before)
    write_class(path=checkout.folder / "mytasks.py")
    assert jobs == {("import_networks", "2-3"), ("train", "0-1"), ("train", "2-3")}


@pytest.mark.slow
def test_an_edited_cell_class_trains_its_networks_and_no_others(checkout):
    file = checkout.folder / "mycells.py"
    write_cell(ADAPTING.replace("rate=0.1", "rate=0.2"), file)
    jobs = [planned(checkout, model) for model in ("tiring", "")]
    write_cell(path=file)
    assert jobs == [{("train", "0-1"), ("train", "2-3")}] * 2
    assert planned(checkout) == set()


def test_a_cell_that_breaks_its_word_is_refused_before_anything_runs(checkout):
    file = checkout.folder / "mycells.py"
    write_cell(ADAPTING.replace("edge * self.activation.upper", "edge / 2"), file)
    output = checkout.refused(**CHANGES)
    write_cell(path=file)
    assert "models.tiring.cell: mycells.py: Adapting has a box that its step leaves" in output


def test_a_missing_network_is_refused_before_anything_runs(checkout):
    output = checkout.refused(**{**CHANGES, "seeds": "0-4"})
    assert 'models.mine.from: "networks/4.pt": there is no such file' in output
