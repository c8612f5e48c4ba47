"""The products over all times at once that every scan begins and ends with."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx


def drive(x: Tensor, w_in: Tensor, noise: Tensor | None = None) -> Tensor:
    """W_in x + ξ at all times, in memory of its own."""
    rows, columns = x.flatten(1, 2), w_in.mT
    if noise is None:
        u = torch.bmm(rows, columns)
    else:
        u = torch.baddbmm(noise.flatten(1, 2), rows, columns)
    return u.unflatten(1, x.shape[1:3])


def input_gradients(
    ctx: FunctionCtx, delta: Tensor, x: Tensor, w_in: Tensor
) -> tuple[Tensor | None, Tensor]:
    """Gradients of x, where it is asked for, and of the input weights."""
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
