"""Steps are the equations of SCIENCE.md; closed-form Jacobians agree with autograd."""

from dataclasses import replace

import pytest
import torch

from rnnpipe.networks.cells import CELLS, Weights, drive, driven
from tests.helpers.networks import CELL_CASES, LEAKY_CASES, make_cell, random_states, random_weights

NETWORKS, TRIALS, UNITS, INPUTS = 2, 3, 5, 2


def case(cell: str, activation: str):
    weights = random_weights(NETWORKS, UNITS, INPUTS, 1, cell=cell)
    h = random_states((NETWORKS, TRIALS, weights.initial_state.shape[1]), 1)
    x = random_states((NETWORKS, TRIALS, INPUTS), 2)
    return make_cell(cell, activation), weights, h, x


@pytest.mark.parametrize(("cell", "activation"), CELL_CASES)
class TestEveryCell:
    def test_jacobians_agree_with_autograd(self, cell, activation):
        cell_, weights, h, x = case(cell, activation)

        def step(h_: torch.Tensor, x_: torch.Tensor) -> torch.Tensor:
            return cell_.step(h_, drive(x_, weights), weights)

        by_h, by_x = torch.autograd.functional.jacobian(step, (h, x))
        for n in range(NETWORKS):
            for t in range(TRIALS):
                u = drive(x, weights)
                state = cell_.jacobian(h, u, weights)[n, t]
                inputs = cell_.input_jacobian(h, u, weights)[n, t]
                assert torch.allclose(state, by_h[n, t, :, n, t], atol=1e-12)
                assert torch.allclose(inputs, by_x[n, t, :, n, t], atol=1e-12)

    def test_products_are_those_with_the_jacobian(self, cell, activation):
        cell_, weights, h, x = case(cell, activation)
        u = drive(x, weights)
        directions = random_states((NETWORKS, TRIALS, 4, h.shape[-1]), 3)
        expected = directions @ cell_.jacobian(h, u, weights).mT
        products = cell_.jvp(h, u, directions, weights)
        assert torch.allclose(products, expected, rtol=1e-12, atol=1e-12)

    def test_a_map_multiplies_as_its_cell_does(self, cell, activation):
        cell_, weights, h, x = case(cell, activation)
        one = Weights(**{name: part[:1] for name, part in vars(weights).items()})
        network = driven(cell_, one)
        directions = random_states((TRIALS, 2, h.shape[-1]), 3)
        for held, expected in (
            (network.held(x[0, 0]), network.jacobian(h[0], x[0, :1].expand(TRIALS, -1))),
            (network.held(x[0, 0]).iterated(3), network.held(x[0, 0]).iterated(3).jacobian(h[0])),
        ):
            assert held.linear is not None
            products = held.jvp(h[0], directions)
            assert torch.allclose(products, directions @ expected.mT, rtol=1e-11, atol=1e-12)
        products = network.jvp(h[0], x[0], directions)
        expected = directions @ network.jacobian(h[0], x[0]).mT
        assert torch.allclose(products, expected, rtol=1e-12, atol=1e-12)

    def test_the_box_is_mapped_into_itself(self, cell, activation):
        cell_, weights, _, x = case(cell, activation)
        x = x[:, :1]
        box = cell_.box(drive(x, weights)[:, 0], weights)
        assert (box is not None) == cell_.activation.bounded
        if box is None:
            return
        low, high = (corner[:, None] for corner in box)
        corners = (random_states((NETWORKS, 500, low.shape[-1]), 3) > 0).double()
        states = torch.cat([low + corners * (high - low), low, high], dim=1)
        u = drive(x, weights).expand(-1, states.shape[1], -1)
        new = cell_.step(states, u, weights)
        assert (new >= low - 1e-12).all() and (new <= high + 1e-12).all()

    def test_renaming_units_renames_the_states(self, cell, activation):
        cell_, weights, h, x = case(cell, activation)
        order = torch.tensor([3, 0, 4, 1, 2])

        def rows(count: int) -> torch.Tensor:
            """The same order in every block of units."""
            return (order + UNITS * torch.arange(count // UNITS)[:, None]).flatten()

        currents, state = rows(weights.input.shape[1]), rows(h.shape[-1])
        renamed = replace(
            weights,
            input=weights.input[:, currents],
            recurrent=weights.recurrent[:, currents][..., order],
            bias=weights.bias[:, rows(weights.bias.shape[1])],
        )
        new = cell_.step(h[..., state], drive(x, renamed), renamed)
        expected = cell_.step(h, drive(x, weights), weights)[..., state]
        assert torch.allclose(new, expected, atol=1e-13)

    def test_readout_rates(self, cell, activation):
        cell_, _, h, _ = case(cell, activation)
        expected = cell_.activation.function(h) if cell == "ctrnn" else h
        assert torch.equal(cell_.rates(h), expected[..., :UNITS])


@pytest.mark.parametrize(("cell", "activation"), LEAKY_CASES)
def test_step_is_the_equation(cell, activation):
    cell_, weights, h, x = case(cell, activation)
    phi, alpha = cell_.activation.function, cell_.alpha
    new = cell_.step(h, drive(x, weights), weights)
    for n in range(NETWORKS):
        u = x[n] @ weights.input[n].T + weights.bias[n]
        if cell == "ctrnn":
            right = h[n] + alpha * (-h[n] + phi(h[n]) @ weights.recurrent[n].T + u)
        else:
            r = phi(h[n] @ weights.recurrent[n].T + u)
            right = r if cell == "vanilla" else (1 - alpha) * h[n] + alpha * r
        assert torch.allclose(new[n], right, atol=1e-13)


def test_leaky_at_full_step_is_vanilla():
    weights = random_weights(1, 4, 1, 1)
    h, x = random_states((1, 6, 4)), random_states((1, 6, 1), 1)
    one = CELLS["leaky"]("tanh", 1.0).step(h, drive(x, weights), weights)
    other = CELLS["vanilla"]("tanh", 1.0).step(h, drive(x, weights), weights)
    assert torch.equal(one, other)


def test_a_gated_cell_has_no_leak():
    with pytest.raises(ValueError, match=r"alpha must be 1, not 0\.5"):
        CELLS["gru"]("tanh", 0.5)
