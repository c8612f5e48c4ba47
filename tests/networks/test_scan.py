"""A scan is the cell's steps in a row, a readout is linear; backward passes are gradients."""

from collections.abc import Sequence

import pytest
import torch

from rnnpipe.networks.cells import Cell, Weights, drive
from rnnpipe.networks.cells.gated import SPAN
from rnnpipe.networks.cells.scan import readout
from tests.helpers.networks import (
    CELL_CASES,
    GATED_CASES,
    LEAKY_CASES,
    make_cell,
    random_states,
    random_weights,
)

NETWORKS, TIME, TRIALS, UNITS, INPUTS, OUTPUTS = 2, 4, 3, 5, 2, 2
PARTS = ("input", "bias", "initial_state", "recurrent")


def arguments(cell: str) -> tuple[torch.Tensor, ...]:
    """Inputs, and the parts of the weights that a scan depends on."""
    weights = random_weights(NETWORKS, UNITS, INPUTS, 1, cell=cell)
    x = random_states((NETWORKS, TIME, TRIALS, INPUTS), 1)
    return x, *(getattr(weights, name) for name in PARTS)


def with_parts(parts: Sequence[torch.Tensor]) -> Weights:
    """Weights with the given parts; a scan has no readout."""
    nothing = torch.zeros(())
    return Weights(**dict(zip(PARTS, parts, strict=True)), output=nothing, output_bias=nothing)


def noise(cell: str) -> torch.Tensor | None:
    """Noise, for the cells that have it."""
    leaky = cell in dict(LEAKY_CASES)
    return random_states((NETWORKS, TIME, TRIALS, UNITS), 4) if leaky else None


def step_by_step(
    cell: Cell, x: torch.Tensor, weights: Weights, xi: torch.Tensor | None
) -> torch.Tensor:
    h, states = weights.initial_state[:, None].expand(-1, TRIALS, -1), []
    for t in range(x.shape[1]):
        u = drive(x[:, t], weights)
        h = cell.step(h, u if xi is None else u + xi[:, t], weights)
        states.append(h)
    return torch.stack(states, dim=1)


@pytest.mark.parametrize(("cell", "activation"), CELL_CASES)
class TestEveryCell:
    def test_states_are_those_of_single_steps(self, cell, activation):
        cell_ = make_cell(cell, activation)
        x, *parts = arguments(cell)
        weights = with_parts(parts)
        for xi in (None, noise(cell)):
            states, rates = cell_.scan(x, weights, xi)
            single = step_by_step(cell_, x, weights, xi)
            assert torch.allclose(states, single, atol=1e-13)
            assert torch.allclose(rates, cell_.rates(single), atol=1e-13)

    def test_gradcheck(self, cell, activation):
        cell_ = make_cell(cell, activation)
        inputs = tuple(a.clone().requires_grad_() for a in arguments(cell))
        xi = noise(cell)
        assert torch.autograd.gradcheck(
            lambda x, *parts: cell_.scan(x, with_parts(parts), xi), inputs
        )

    def test_gradient_agrees_with_autograd_through_steps(self, cell, activation):
        cell_ = make_cell(cell, activation)
        gradients = []
        for by_scan in (True, False):
            x, *parts = leaves = [a.clone().requires_grad_() for a in arguments(cell)]
            weights = with_parts(parts)
            if by_scan:
                states, rates = cell_.scan(x, weights, noise(cell))
            else:
                states = step_by_step(cell_, x, weights, noise(cell))
                rates = cell_.rates(states)
            coefficients = random_states(states.shape, 3)
            ((states * coefficients).sum() + rates.square().sum()).backward()
            gradients.append([leaf.grad for leaf in leaves])
        for one, other in zip(*gradients, strict=True):
            assert torch.allclose(one, other, atol=1e-12)

    def test_a_gradient_that_others_use_too_is_left_as_it_was(self, cell, activation):
        """The backward pass works in place, but not on what it was given."""
        x, *parts = (a.clone().requires_grad_() for a in arguments(cell))
        _, rates = make_cell(cell, activation).scan(x, with_parts(parts))
        gradient = torch.ones_like(rates)
        torch.autograd.grad(rates, parts, gradient)
        assert torch.equal(gradient, torch.ones_like(rates))


@pytest.mark.parametrize(("cell", "activation"), GATED_CASES)
@pytest.mark.parametrize("time", [1, SPAN, 2 * SPAN + 3])
def test_gradients_over_spans_are_those_over_all_of_the_time(cell, activation, time):
    x = random_states((NETWORKS, time, TRIALS, INPUTS), 6)
    gradients = []
    for by_scan in (True, False):
        _, *parts = leaves = [a.clone().requires_grad_() for a in (x, *arguments(cell)[1:])]
        cell_, weights = make_cell(cell, activation), with_parts(parts)
        if by_scan:
            rates = cell_.scan(leaves[0], weights)[1]
        else:
            rates = cell_.rates(step_by_step(cell_, leaves[0], weights, None))
        rates.square().sum().backward()
        gradients.append([leaf.grad for leaf in leaves])
    for one, other in zip(*gradients, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-12)


def test_vanilla_agrees_with_torch():
    units, inputs = 6, 2
    weights = random_weights(1, units, inputs, 1)
    weights.initial_state.zero_()
    reference = torch.nn.RNN(inputs, units, batch_first=False).double()
    with torch.no_grad():
        reference.weight_ih_l0.copy_(weights.input[0])
        reference.weight_hh_l0.copy_(weights.recurrent[0])
        reference.bias_ih_l0.copy_(weights.bias[0])
        reference.bias_hh_l0.zero_()
    x = random_states((7, 3, inputs), 5)
    states, _ = make_cell("vanilla", "tanh").scan(x[None], weights)
    assert torch.allclose(states[0], reference(x)[0], atol=1e-13)


class TestReadout:
    def arguments(self) -> tuple[torch.Tensor, ...]:
        return (
            random_states((NETWORKS, TIME, TRIALS, UNITS), 1),
            random_states((NETWORKS, OUTPUTS, UNITS), 2),
            random_states((NETWORKS, OUTPUTS), 3),
        )

    def test_every_network_reads_out_its_own_rates(self):
        rates, w_out, bias = self.arguments()
        outputs = readout(rates, w_out, bias)
        for n in range(NETWORKS):
            assert torch.allclose(outputs[n], rates[n] @ w_out[n].T + bias[n], atol=1e-14)

    def test_gradcheck(self):
        assert torch.autograd.gradcheck(readout, [a.requires_grad_() for a in self.arguments()])
