"""The readout is linear, and its backward pass is its gradient."""

import torch

from rnnpipe.networks.cells.readout import readout
from tests.helpers.networks import random_states

NETWORKS, TIME, TRIALS, UNITS, OUTPUTS = 2, 3, 4, 5, 2


def arguments() -> tuple[torch.Tensor, ...]:
    return (
        random_states((NETWORKS, TIME, TRIALS, UNITS), 1),
        random_states((NETWORKS, OUTPUTS, UNITS), 2),
        random_states((NETWORKS, OUTPUTS), 3),
    )


def test_every_network_reads_out_its_own_rates():
    rates, w_out, bias = arguments()
    outputs = readout(rates, w_out, bias)
    for n in range(NETWORKS):
        assert torch.allclose(outputs[n], rates[n] @ w_out[n].T + bias[n], atol=1e-14)


def test_gradcheck():
    assert torch.autograd.gradcheck(readout, [a.requires_grad_() for a in arguments()])
