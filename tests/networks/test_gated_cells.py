"""Gated cells are PyTorch's on the same weights, and the UGRNN is its equation."""

import pytest
import torch
from torch import Tensor, nn

from rnnpipe.networks.cells import Weights, drive
from tests.helpers.networks import GATED_CASES, make_cell, random_states, random_weights

UNITS, INPUTS, TIME, TRIALS = 6, 2, 9, 3


def torch_twin(cell: str, weights: Weights) -> nn.GRU | nn.LSTM:
    """PyTorch's module with the weights of the first network; its second bias is used up."""
    twin = (nn.GRU if cell == "gru" else nn.LSTM)(INPUTS, UNITS).double()
    bias, hidden = weights.bias[0], torch.zeros(4 * UNITS, dtype=torch.float64)
    if cell == "gru":
        bias, hidden = bias[: 3 * UNITS], torch.cat([hidden[: 2 * UNITS], bias[3 * UNITS :]])
    shared = random_states(bias.shape, 9)
    if cell == "gru":
        shared[2 * UNITS :] = 0  # the candidate's two biases are not one
    with torch.no_grad():
        twin.weight_ih_l0.copy_(weights.input[0])
        twin.weight_hh_l0.copy_(weights.recurrent[0])
        twin.bias_ih_l0.copy_(bias - shared)
        twin.bias_hh_l0.copy_(hidden + shared)
    return twin


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_states_over_time_are_those_of_torch(cell):
    weights = random_weights(1, UNITS, INPUTS, 1, cell=cell)
    x = random_states((TIME, TRIALS, INPUTS), 5)
    start = weights.initial_state.expand(TRIALS, -1).unflatten(1, (-1, UNITS)).transpose(0, 1)
    parts = tuple(part[None].contiguous() for part in start)
    expected, end = torch_twin(cell, weights)(x, parts[0] if cell == "gru" else parts)
    states, rates = make_cell(cell, "tanh").scan(x[None], weights)
    assert torch.allclose(rates[0], expected, rtol=0, atol=1e-12)
    if cell == "lstm":
        assert torch.allclose(states[0, -1, :, UNITS:], end[1][0], rtol=0, atol=1e-12)


def by_equation(cell: str, phi, state: Tensor, x: Tensor, weights: Weights) -> Tensor:
    """The cells as they are written down, one row of the weights' blocks after another."""
    sigma, blocks = torch.sigmoid, len(weights.input[0]) // UNITS
    W, V = weights.recurrent[0].chunk(blocks), weights.input[0].chunk(blocks)
    b, h = weights.bias[0].split(UNITS), state[:, :UNITS]
    if cell == "gru":
        r = sigma(x @ V[0].T + h @ W[0].T + b[0])
        z = sigma(x @ V[1].T + h @ W[1].T + b[1])
        n = phi(x @ V[2].T + b[2] + r * (h @ W[2].T + b[3]))
        return (1 - z) * n + z * h
    current = [x @ v.T + h @ w.T + c for v, w, c in zip(V, W, b, strict=True)]
    if cell == "ugrnn":
        u, c = sigma(current[0]), phi(current[1])
        return u * h + (1 - u) * c
    i, f, g, o = sigma(current[0]), sigma(current[1]), phi(current[2]), sigma(current[3])
    c = f * state[:, UNITS:] + i * g
    return torch.cat([o * phi(c), c], dim=1)


@pytest.mark.parametrize(("cell", "activation"), GATED_CASES)
def test_a_step_is_the_equation(cell, activation):
    weights, cell_ = random_weights(1, UNITS, INPUTS, 1, cell=cell), make_cell(cell, activation)
    state = random_states((1, TRIALS, weights.initial_state.shape[1]), 1)
    x = random_states((1, TRIALS, INPUTS), 2)
    new = cell_.step(state, drive(x, weights), weights)
    phi = cell_.activation.function
    assert torch.allclose(new[0], by_equation(cell, phi, state[0], x[0], weights), atol=1e-13)


class TestTheBoxOfTheLSTM:
    def corner(self, bias: float) -> tuple[Tensor, Tensor] | None:
        """Of cells that neither feel each other nor the input, under a bias of the forget gate."""
        weights = random_weights(1, UNITS, INPUTS, 1, cell="lstm")
        weights.recurrent.zero_()
        u = torch.zeros(1, 4, UNITS, dtype=torch.float64)
        u[:, 1], u[:, 2] = bias, 1.0
        return make_cell("lstm", "tanh").box(u.flatten(1), weights)

    def test_is_where_a_cell_alone_settles(self):
        _, high = self.corner(1.0)
        forget = torch.sigmoid(torch.tensor(1.0, dtype=torch.float64))
        settled = 0.5 * torch.tanh(torch.tensor(1.0, dtype=torch.float64)) / (1 - forget)
        assert torch.allclose(high[0, UNITS:], settled, atol=1e-12)
        assert (high[0, :UNITS] == 1).all()

    def test_there_is_none_where_the_forget_gate_rounds_to_one(self):
        assert self.corner(40.0) is None
        assert self.corner(30.0) is not None
        assert "forget" in make_cell("lstm", "tanh").unbounded


def test_there_is_no_noise_in_gates():
    weights = random_weights(1, UNITS, INPUTS, 1, cell="gru")
    x, noise = random_states((1, TIME, TRIALS, INPUTS)), random_states((1, TIME, TRIALS, UNITS))
    with pytest.raises(ValueError, match="gated"):
        make_cell("gru", "tanh").scan(x, weights, noise)
