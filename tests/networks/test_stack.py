"""Effective weights obey their constraint; runs, readouts and held inputs are one network's."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.constraints import violations
from rnnpipe.networks.construction import untrained_networks
from rnnpipe.settings import ConstraintSettings
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import CELL_CASES, make_networks, model, random_states, replicates

TASK = FlipFlop()
DALE = {"dale_ratio": 0.5, "autapses": False, "density": 0.7}


def test_a_networks_weights_depend_on_its_own_seed_alone():
    together = make_networks([0, 1, 2], TASK, constraint=DALE)
    alone = make_networks([1], TASK, constraint=DALE)
    assert torch.equal(together.raw[1:2], alone.raw)
    assert torch.equal(together.mask[1:2], alone.mask)
    assert not torch.equal(together.raw[0], together.raw[1])


def test_effective_weights_obey_whatever_happens_to_raw_ones():
    networks = make_networks([0, 1], TASK, constraint=DALE)
    networks.raw += 10 * torch.randn(networks.raw.shape, generator=torch.manual_seed(0))
    recurrent = networks.weights().recurrent.double().numpy()
    for network in range(2):
        connections = networks.connectivity(network)
        assert violations(recurrent[network], connections) == (0, 0)
        assert (recurrent[network] != 0).sum() == connections.mask.sum()


@pytest.mark.parametrize(("cell", "activation"), CELL_CASES)
def test_held_input_is_what_a_run_does_with_it(cell, activation):
    networks = make_networks([0, 1], TASK, cell=cell, activation=activation).double()
    x = np.array([0.5, -1.0, 0.2])
    steps = torch.from_numpy(np.tile(x, (2, 4, 1, 1)))
    states = networks.run(steps).states
    dynamics = networks.dynamics(1, x)
    for t in range(3):
        assert torch.allclose(dynamics.step(states[1, t]), states[1, t + 1], atol=1e-12)
    assert (dynamics.box is None) == (dynamics.unbounded != "")
    size = 16 if cell == "lstm" else 8
    assert dynamics.jacobian(states[1, :1, 0]).shape == (1, size, size)
    assert (networks.units, networks.state_size, dynamics.units) == (8, size, size)


@pytest.mark.parametrize("cell", ["gru", "lstm", "ugrnn"])
def test_gates_obey_masks_and_the_candidate_signs_too(cell):
    networks = make_networks([0, 1], TASK, constraint=DALE, cell=cell)
    networks.raw += 10 * torch.randn(networks.raw.shape, generator=torch.manual_seed(0))
    gates = networks.cell.gates
    weights = networks.weights()
    blocks = weights.recurrent.unflatten(1, (gates, 8))
    for network in range(2):
        connections = networks.connectivity(network)
        for gate, block in enumerate(blocks[network].double().numpy()):
            wrong_sign, off_mask = violations(block, connections)
            assert off_mask == 0
            assert (wrong_sign == 0) == (gate == networks.cell.candidate)
    assert torch.equal(networks.candidate(weights.recurrent), blocks[:, networks.cell.candidate])


@pytest.mark.parametrize("cell", ["gru", "lstm", "ugrnn"])
def test_inputs_that_a_unit_does_not_see_reach_none_of_its_gates(cell):
    regions = [{"name": "A", "units": 5}, {"name": "B", "units": 3}]
    constraint = {"regions": regions, "inputs": {"A": "all"}}
    weights = make_networks([0], TASK, constraint=constraint, cell=cell).weights()
    by_gate = weights.input[0].unflatten(0, (-1, 8))
    assert (by_gate[:, 5:] == 0).all() and (by_gate[:, :5] != 0).all()


def test_outputs_are_the_readout_of_the_states():
    networks = make_networks([0, 1], TASK, cell="ctrnn").double()
    states, _, outputs = networks.run(random_states((2, 5, 4, 3)))
    weights = networks.weights()
    expected = torch.einsum("nou,ntbu->ntbo", weights.output, torch.tanh(states))
    assert torch.allclose(outputs, expected + weights.output_bias[:, None, None], atol=1e-12)
    assert torch.allclose(networks.readout(states), outputs, atol=1e-14)


def test_selection_copies_and_keeps_order():
    networks = make_networks([0, 1, 2], TASK)
    picked = networks.select([2, 0])
    assert torch.equal(picked.raw, networks.raw[[2, 0]])
    picked.raw.zero_()
    assert networks.raw.abs().sum() > 0


def test_networks_of_equal_seed_start_apart_under_other_constraints():
    """Cohorts are independent draws: no network has a twin in another cohort."""
    resolved = [
        ConstraintSettings.model_validate(settings).resolved(40)
        for settings in ({}, {"autapses": False}, {})
    ]
    starts = [
        untrained_networks(TASK, model(units=40), constraint, replicates([0, 1], name)).weights()
        for name, constraint in zip(("none", "noautapses", "again"), resolved, strict=True)
    ]
    flat = torch.cat([w.recurrent.flatten(1) for w in starts])
    assert torch.corrcoef(flat).fill_diagonal_(0).abs().max() < 5 / 40
