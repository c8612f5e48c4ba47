"""The scan is the cell's steps in a row, and its backward pass is their gradient."""

import pytest
import torch
from networks import CELL_CASES, make_cell, random_states, random_weights

NETWORKS, TIME, TRIALS, UNITS = 2, 4, 3, 5


def arguments() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    weights = random_weights(NETWORKS, UNITS, 1, 1)
    u = random_states((NETWORKS, TIME, TRIALS, UNITS), 1)
    h0 = random_states((NETWORKS, TRIALS, UNITS), 2)
    return u, h0, weights.recurrent


@pytest.mark.parametrize(("cell", "activation"), CELL_CASES)
class TestEveryCell:
    def test_states_are_those_of_single_steps(self, cell, activation):
        cell_ = make_cell(cell, activation)
        weights = random_weights(NETWORKS, UNITS, 1, 1)
        u, h, recurrent = arguments()
        states = cell_.scan(u.clone(), h, recurrent)
        for t in range(TIME):
            h = cell_.step(h, u[:, t], weights)
            assert torch.allclose(states[:, t], h, atol=1e-13)

    def test_gradcheck(self, cell, activation):
        cell_ = make_cell(cell, activation)
        inputs = tuple(a.clone().requires_grad_() for a in arguments())
        # The scan overwrites its drive, which a leaf may not suffer.
        assert torch.autograd.gradcheck(lambda u, h0, W: cell_.scan(u * 1, h0, W), inputs)

    def test_gradient_agrees_with_autograd_through_steps(self, cell, activation):
        cell_ = make_cell(cell, activation)
        coefficients = random_states((NETWORKS, TIME, TRIALS, UNITS), 3)
        gradients = []
        for by_scan in (True, False):
            u, h0, recurrent = (a.clone().requires_grad_() for a in arguments())
            if by_scan:
                states = cell_.scan(u * 1, h0, recurrent)
            else:
                weights = random_weights(NETWORKS, UNITS, 1, 1)
                weights = type(weights)(**{**vars(weights), "recurrent": recurrent})
                h, rows = h0, []
                for t in range(TIME):
                    h = cell_.step(h, u[:, t], weights)
                    rows.append(h)
                states = torch.stack(rows, dim=1)
            (states * coefficients).sum().backward()
            gradients.append((u.grad, h0.grad, recurrent.grad))
        for one, other in zip(*gradients, strict=True):
            assert torch.allclose(one, other, atol=1e-12)


def test_vanilla_agrees_with_torch():
    units, inputs = 6, 2
    weights = random_weights(1, units, inputs, 1)
    reference = torch.nn.RNN(inputs, units, batch_first=False).double()
    with torch.no_grad():
        reference.weight_ih_l0.copy_(weights.input[0])
        reference.weight_hh_l0.copy_(weights.recurrent[0])
        reference.bias_ih_l0.copy_(weights.bias[0])
        reference.bias_hh_l0.zero_()
    x = random_states((7, 3, inputs), 5)
    u = (x @ weights.input[0].T + weights.bias[0])[None]
    states = make_cell("vanilla", "tanh").scan(
        u, torch.zeros(1, 3, units).double(), weights.recurrent
    )
    assert torch.allclose(states[0], reference(x)[0], atol=1e-13)
