"""The scripts on gated cells and on one of the user's own: a state may be larger than the units."""

import numpy as np
import pandas as pd
import pytest
import torch

import rnnpipe
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.tables.parquet import read_table
from tests.helpers.own_files import write_cell
from tests.helpers.script_runs import CHAIN, path, plan, run_stage

UNITS = 5
OWN = "mycells.py:Adapting"
STATES = {"gru": 5, "lstm": 10, "ugrnn": 5, OWN: 10}


@pytest.fixture(scope="module", params=list(STATES))
def cell(request, tmp_path_factory) -> str:
    """A cell whose networks have gone through every stage in the working directory."""
    dale = {"none": {"dale_ratio": 0.6, "autapses": False}}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("cell"))
        write_cell()
        gated = plan(models={"small": {"cell": request.param, "units": UNITS}}, constraints=dale)
        for stage in CHAIN:
            settings = settings_text(gated, stage, "memory", "small", "none", "0-1")
            result = run_stage(stage, settings=settings)
            assert result.exit_code == 0, result.output
        yield request.param


def test_states_have_the_cells_size_and_rates_that_of_its_units(cell):
    networks, _ = load_networks(path("weights"))
    assert (networks.units, networks.state_size) == (UNITS, STATES[cell])
    assert len(read_table(path("trajectories"))["state"][0]) == STATES[cell]
    points = read_table(path("fixed_points"))
    assert set(points["state"].map(len)) == {STATES[cell]}
    modes = read_table(path("modes")).groupby(["seed", "probe", "point"]).size()
    assert set(modes) == {STATES[cell]} and len(modes) == len(points)


def test_points_are_where_the_network_stands_still(cell):
    networks, seeds = load_networks(path("weights"))
    points = read_table(path("fixed_points"))
    for network, seed in enumerate(seeds):
        own = points[(points["seed"] == seed) & (points["kind"] == "fixed")]
        states = torch.from_numpy(np.stack(own["state"]))
        moved = networks.dynamics(network, np.zeros(1)).step(states)
        assert (moved - states).abs().max() < 1e-9
        assert set(own["point"]) <= set(pd.read_pickle(path("graphs"))[seed]["zero"])


def test_training_says_that_masks_and_signs_held(cell):
    training = read_table(path("training"))
    assert (training[["sign_violations", "mask_violations"]] == 0).all(axis=None)
    radii = training["spectral_radius_start"]
    assert np.allclose(radii, 1.0, atol=1e-5)  # under Dale's law, the gain: of the candidate


def test_the_results_are_objects_whatever_the_cell(cell):
    (first, *_) = rnnpipe.open("results/x")
    states = first.run(first.trajectories.inputs)
    assert np.abs(states - first.trajectories.states).max() < 1e-6
    assert first.readout(states).shape == first.trajectories.outputs.shape
    assert first.fixed_points().states.shape[1] == STATES[cell]
