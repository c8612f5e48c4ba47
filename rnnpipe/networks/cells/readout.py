"""The readout W_out r + b_out, with a backward pass of well-shaped products.

Autograd would form the gradient of W_out as a product with as many columns as
there are outputs; transposed, with as many rows, it takes a fifth of the time.
"""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable
from torch.nn.functional import pad


def readout(rates: Tensor, w_out: Tensor, bias: Tensor) -> Tensor:
    """Outputs of rates.

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
            # than that of several, and its last bit would depend on who is beside it.
            w_out, bias = pad(w_out, (0, 0, 0, 1)), pad(bias, (0, 1))
        return torch.baddbmm(bias[:, None], rows, w_out.mT)[..., :outputs]

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        rows, w_out = ctx.saved_tensors
        return torch.bmm(gradient, w_out), torch.bmm(gradient.mT, rows), gradient.sum(1)
