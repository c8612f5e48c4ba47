"""Networks between two sets of weights: the ends, what lies between, and the derivatives."""

import pytest
import torch

from rnnpipe.networks.between import between
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import make_networks, random_states

X = torch.tensor([0.3, -0.2], dtype=torch.float64)
CELLS = ["vanilla", "ctrnn", "leaky", "gru", "lstm", "ugrnn"]


def networks(cell: str, **model):
    return make_networks([0, 1], FlipFlop(bits=2, time=12), cell=cell, units=6, **model)


@pytest.mark.parametrize("cell", CELLS)
def test_the_ends_are_the_networks_themselves(cell):
    stack = networks(cell)
    family = between(stack, 0, 1, X)
    states = random_states((5, stack.state_size)).double()
    for row, share in ((0, 0.0), (1, 1.0)):
        own, shares = stack.dynamics(row, X.numpy()), torch.full((5, 1), share).double()
        torch.testing.assert_close(family.step(states, shares), own.step(states))
        torch.testing.assert_close(family.jacobian(states, shares), own.jacobian(states))


@pytest.mark.parametrize("cell", CELLS)
def test_derivatives_are_those_of_differences(cell):
    family, d = between(networks(cell), 0, 1, X), 1e-6
    states, shares = random_states((5, family.units)).double(), torch.rand(5, 1).double()
    by_share = (family.step(states, shares + d) - family.step(states, shares - d)) / (2 * d)
    found = family.input_jacobian(states, shares)[..., 0]
    torch.testing.assert_close(found, by_share, rtol=1e-6, atol=1e-8)
    way = random_states(states.shape, seed=1).double()
    by_state = (family.step(states + d * way, shares) - family.step(states - d * way, shares)) / d
    found = (family.jacobian(states, shares) @ way[..., None])[..., 0]
    torch.testing.assert_close(found, by_state / 2, rtol=1e-6, atol=1e-8)


def test_many_states_are_stepped_as_few_are(monkeypatch):
    stack = networks("gru")
    states, shares = random_states((7, 6)).double(), torch.rand(7, 1).double()
    whole = between(stack, 0, 1, X).step(states, shares)
    monkeypatch.setattr("rnnpipe.networks.between.CHUNK_BYTES", 1)
    torch.testing.assert_close(between(stack, 0, 1, X).step(states, shares), whole)


def test_low_rank_weights_are_interpolated_as_the_matrices_they_are():
    stack = networks("vanilla", constraint={"rank": 2})
    family = between(stack, 0, 1, X)
    states = random_states((3, 6)).double()
    own = stack.dynamics(1, X.numpy())
    torch.testing.assert_close(family.step(states, torch.ones(3, 1).double()), own.step(states))
