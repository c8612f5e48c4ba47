"""What the cells' scans over time share, and the readout of all times.

A scan is one autograd function per cell, in the cell's file. Forward: one
batched product and one activation per step. Backward: one batched product per
step, then the gradients of the recurrent and the input weights as one large
product each over all times, or, for gated cells, over a span of times.
Autograd over a Python loop would record five nodes per step and form the
weight gradient T times.

Layout (network, time, trial, unit): each step is a strided batch that the
matrix product takes without a copy, all times together are one matrix, and
each network's numbers lie apart, so its results do not depend on the networks
beside it.

The input comes with a last channel of ones, and the input weights with the
bias as their last column: the drive is then one product, and so is the
gradient of both.
"""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable
from torch.nn.functional import pad

from rnnpipe.networks.cells.base import Weights


def with_ones(x: Tensor) -> Tensor:
    """Inputs with a last channel of ones, whose weights are the bias."""
    return torch.cat([x, x.new_ones(*x.shape[:-1], 1)], dim=-1)


def with_bias(weights: Weights) -> Tensor:
    """Input weights with the bias as their last column, (network, row, input + 1)."""
    return torch.cat([weights.input, weights.bias[..., None]], dim=-1)


def from_initial_state(weights: Weights, trials: int) -> Tensor:
    """Initial states of all trials, (network, trial, state)."""
    return weights.initial_state[:, None].expand(-1, trials, -1)


def input_currents(x: Tensor, w_in: Tensor, noise: Tensor | None = None) -> Tensor:
    """W_in x + ξ at all times (network, time, trial, row), in new memory."""
    rows, columns = x.flatten(1, 2), w_in.mT
    if noise is None:
        u = torch.bmm(rows, columns)
    else:
        u = torch.baddbmm(noise.flatten(1, 2), rows, columns)
    return u.unflatten(1, x.shape[1:3])


def input_gradients(
    ctx: FunctionCtx, delta: Tensor, x: Tensor, w_in: Tensor
) -> tuple[Tensor | None, Tensor]:
    """Gradients of x, if it needs one, and of the input weights."""
    rows = delta.flatten(1, 2)
    by_x = torch.bmm(rows, w_in).unflatten(1, x.shape[1:3]) if ctx.needs_input_grad[0] else None
    # A product with few columns is many times slower than one with few rows.
    return by_x, torch.bmm(x.flatten(1, 2).mT, rows).mT


def recurrent_gradient(delta: Tensor, before: Tensor, first: Tensor) -> Tensor:
    """Σ_t δ_tᵀ y_{t-1} over all times and trials.

    `delta` and `before` are (network, time, trial, unit), `first` is y before
    the first step, (network, trial, unit).
    """
    later = delta[:, 1:].flatten(1, 2)
    gradient = torch.bmm(delta[:, 0].mT, first)
    return gradient.baddbmm_(later.mT, before[:, :-1].flatten(1, 2))


def readout(rates: Tensor, w_out: Tensor, bias: Tensor) -> Tensor:
    """Outputs W_out r + b_out, with a backward pass of well-shaped products.

    Autograd would form the gradient of W_out as a product with as many columns as
    there are outputs; transposed, with as many rows, it takes a fifth of the time.

    Parameters
    ----------
    rates
        (network, time, trial, unit).
    w_out
        (network, output, unit).
    bias
        (network, output).

    Returns
    -------
    Tensor
        (network, time, trial, output).
    """
    return _Readout.apply(rates.flatten(1, 2), w_out, bias).unflatten(1, rates.shape[1:3])


class _Readout(torch.autograd.Function):
    @staticmethod
    def forward(ctx: FunctionCtx, rows: Tensor, w_out: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(rows, w_out)
        outputs = w_out.shape[1]
        if outputs == 1:
            # The product of one network with one column goes through other instructions
            # than that of several: its last bit would depend on the networks beside it.
            w_out, bias = pad(w_out, (0, 0, 0, 1)), pad(bias, (0, 1))
        return torch.baddbmm(bias[:, None], rows, w_out.mT)[..., :outputs]

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        rows, w_out = ctx.saved_tensors
        return torch.bmm(gradient, w_out), torch.bmm(gradient.mT, rows), gradient.sum(1)
