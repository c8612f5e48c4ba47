"""The long table of weights holds a network's effective weights, and of the right network."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnpipe.networks.weights_file import save_networks
from rnnpipe.plan.paths import block_path
from rnnpipe.results.weights import read_weights, weights_frame
from rnnpipe.settings import Cohort
from rnnpipe.settings.members import Members, OfCohort
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import make_networks

TASK = FlipFlop(bits=2)
REGIONS = {
    "regions": [{"name": "A", "units": 5, "dale_ratio": 0.6}, {"name": "B", "units": 3}],
    "projections": [{"from": "A", "to": "B"}],
    "inputs": {"A": "all"},
}


def square(frame: pd.DataFrame, matrix: str, values: str = "value") -> np.ndarray:
    """A column of one matrix of the long table, back as (post, pre)."""
    own = frame[frame["matrix"] == matrix]
    return own.pivot(index="row", columns="column", values=values).to_numpy()


@pytest.fixture
def networks():
    return make_networks([4, 7], TASK, units=8, constraint=REGIONS)


@pytest.mark.parametrize("matrix", ["recurrent", "input", "output"])
def test_values_are_the_effective_weights(networks, matrix):
    weights = getattr(networks.weights(), matrix)
    for network in (0, 1):
        found = square(weights_frame(networks, network), matrix)
        assert np.array_equal(found, weights[network].numpy())


def test_of_gates_the_candidate_is_shown():
    networks = make_networks([4], TASK, units=8, constraint=REGIONS, cell="lstm")
    weights, frame = networks.weights(), weights_frame(networks, 0)
    for matrix in ("recurrent", "input"):
        block = getattr(weights, matrix)[0, 16:24]  # i, f, then g
        assert np.array_equal(square(frame, matrix), block.numpy())


def test_connections_that_do_not_exist_are_zero(networks):
    frame = weights_frame(networks, 1)
    recurrent = frame[frame["matrix"] == "recurrent"]
    backward = recurrent[(recurrent["row_region"] == "A") & (recurrent["column_region"] == "B")]
    assert len(backward) == 15 and (backward["value"] == 0).all()
    blind = frame[(frame["matrix"] == "input") & (frame["row_region"] == "B")]
    assert len(blind) == 6 and (blind["value"] == 0).all()


def test_signs_are_of_the_presynaptic_unit(networks):
    frame = weights_frame(networks, 0)
    signs = square(frame, "recurrent", "column_sign")
    assert (signs == [1, 1, 1, -1, -1, 0, 0, 0]).all()
    assert (square(frame, "output", "column_sign") == signs[0]).all()
    assert (square(frame, "input", "column_sign") == 0).all()
    signed = frame[(frame["matrix"] == "recurrent") & (frame["column_sign"] != 0)]
    assert (signed["value"] * signed["column_sign"] >= 0).all()
    assert (signed["value"] != 0).any()


def test_regions_are_of_the_units_on_either_side(networks):
    frame = weights_frame(networks, 0)
    names = np.array(["A"] * 5 + ["B"] * 3)
    assert (square(frame, "recurrent", "row_region") == names[:, None]).all()
    assert (square(frame, "recurrent", "column_region") == names).all()
    assert (square(frame, "input", "row_region") == names[:, None]).all()
    assert (square(frame, "input", "column_region") == "").all()
    assert (square(frame, "output", "row_region") == "").all()
    assert (square(frame, "output", "column_region") == names).all()


def test_the_named_seeds_come_from_their_own_block(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plain, split = (Cohort("memory", "tanh8", name) for name in ("none", "split"))
    made = {}
    for cohort, constraint in ((plain, {}), (split, REGIONS)):
        for block, seeds in (("0-7", [4, 7]), ("8-15", [8, 13])):
            networks = make_networks(seeds, TASK, units=8, constraint=constraint)
            save_networks(Path(block_path("x", "weights", cohort, block)), networks, seeds, {})
            for place, seed in enumerate(seeds):
                made[cohort.constraint, seed] = networks.weights().recurrent[place].numpy()
    members = Members(
        experiment="x",
        cohorts=[OfCohort(**vars(cohort)) for cohort in (plain, split)],
        labels=["0-7", "8-15"],
    )
    wanted = [("none", 7), ("none", 8), ("split", 13)]
    constraints, seeds = zip(*wanted, strict=True)
    networks = pd.DataFrame({"model": "tanh8", "constraint": constraints, "seed": seeds})
    frame = read_weights(members, networks)
    groups = dict(list(frame.groupby(["constraint", "seed"])))
    assert set(groups) == set(wanted)
    for key in wanted:
        assert np.array_equal(square(groups[key], "recurrent"), made[key])
        assert (groups[key][["task", "model"]] == ["memory", "tanh8"]).all(axis=None)
