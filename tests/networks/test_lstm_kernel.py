"""Torch's LSTM kernel, by which tanh LSTMs train, gives what the cell's own scan gives."""

import pytest
import torch

from rnnpipe.networks.cells import Weights
from rnnpipe.networks.cells import lstm as module
from tests.helpers.networks import make_cell, random_states, random_weights

NETWORKS, TIME, TRIALS, UNITS, INPUTS = 3, 9, 5, 7, 2
LEAVES = ("input", "recurrent", "bias", "initial_state")


@pytest.fixture
def weights() -> Weights:
    doubles = random_weights(NETWORKS, UNITS, INPUTS, 1, cell="lstm")
    return Weights(**{name: part.float() for name, part in vars(doubles).items()})


@pytest.fixture
def x() -> torch.Tensor:
    return random_states((NETWORKS, TIME, TRIALS, INPUTS), 2).float()


def rates_and_gradients(rates_of, x, weights, rows=slice(None)) -> list[torch.Tensor]:
    """Rates of some networks, and gradients of the inputs and of what the rates depend on."""
    leaves = [v[rows].clone().requires_grad_() for v in (x, *(vars(weights)[k] for k in LEAVES))]
    parts = {name: part[rows] for name, part in vars(weights).items()}
    rates = rates_of(leaves[0], Weights(**{**parts, **dict(zip(LEAVES, leaves[1:], strict=True))}))
    direction = random_states((NETWORKS, TIME, TRIALS, UNITS), 3).float()[rows]
    return [rates.detach(), *torch.autograd.grad(rates, leaves, direction)]


def test_rates_and_gradients_are_those_of_the_scan(x, weights, monkeypatch):
    cell, calls = make_cell("lstm", "tanh"), []
    kernel = module._rates_by_kernel
    monkeypatch.setattr(module, "_rates_by_kernel", lambda *a: calls.append(a) or kernel(*a))
    found = rates_and_gradients(cell.scan_rates, x, weights)
    assert len(calls) == (NETWORKS if torch.backends.mkldnn.is_available() else 0)
    for one, other in zip(
        found, rates_and_gradients(lambda *a: cell.scan(*a)[1], x, weights), strict=True
    ):
        assert torch.allclose(one, other, rtol=0, atol=3e-6 * other.abs().max().item())


@pytest.mark.parametrize("rows", [[0], [2], [1, 2]])
def test_no_bit_depends_on_the_networks_beside_it(x, weights, rows):
    cell = make_cell("lstm", "tanh")
    whole = rates_and_gradients(cell.scan_rates, x, weights)
    part = rates_and_gradients(cell.scan_rates, x, weights, rows)
    assert all(torch.equal(a[rows], b) for a, b in zip(whole, part, strict=True))


@pytest.mark.parametrize(("activation", "dtype"), [("relu", "float32"), ("tanh", "float64")])
def test_what_the_kernel_does_not_compute_is_left_to_the_scan(x, weights, activation, dtype):
    cell = make_cell("lstm", activation)
    x, *parts = (v.to(getattr(torch, dtype)) for v in (x, *vars(weights).values()))
    weights = Weights(*parts)
    assert torch.equal(cell.scan_rates(x, weights), cell.scan(x, weights)[1])


def test_noise_is_refused_as_by_the_scan(x, weights):
    with pytest.raises(ValueError, match="gated cell takes none"):
        make_cell("lstm", "tanh").scan_rates(x, weights, torch.zeros(1))
