"""The scan of the update gate recurrent network."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.activations import ACTIVATIONS, Activation
from rnnpipe.scan.products import drive, input_gradients, recurrent_gradient, scaled_rows

SIGMOID = ACTIVATIONS["sigmoid"]


def ugrnn_scan(
    x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor, activation: Activation
) -> Tensor:
    """States of h' = u h + (1 - u) c.

    Parameters
    ----------
    x
        (network, time, trial, input + 1), the last channel being 1.
    w_in
        (network, 2 unit, input + 1), rows of u and c, the last column being the bias.
    h0
        (network, trial, unit).
    recurrent
        (network, 2 unit, unit).

    Returns
    -------
    Tensor
        (network, time, trial, unit); states after each update.
    """
    return _UGRNNScan.apply(x, w_in, h0, recurrent, activation)


class _UGRNNScan(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx, x: Tensor, w_in: Tensor, h0: Tensor, W: Tensor, activation: Activation
    ) -> Tensor:
        units, gain = h0.shape[-1], activation.gain
        # Gate and candidate take the place of the currents, step by step.
        gates = drive(x, scaled_rows(w_in, units, 2 * units, gain))
        states = gates.new_empty(*gates.shape[:3], units)
        h, columns = h0, scaled_rows(W, units, 2 * units, gain).mT
        for step, after in zip(gates.unbind(1), states.unbind(1), strict=True):
            u, c = step.baddbmm_(h, columns).chunk(2, -1)
            h = torch.lerp(activation.function_(c), h, u.sigmoid_(), out=after)
        ctx.activation = activation
        ctx.save_for_backward(x, w_in, gates, states, h0, W)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, by_state: Tensor) -> tuple[Tensor | None, ...]:
        x, w_in, gates, states, h0, W = ctx.saved_tensors
        delta = torch.empty_like(gates)
        first = torch.zeros_like(h0, memory_format=torch.contiguous_format)
        steps = (first, *by_state.clone().unbind(1))
        before = (h0, *states.unbind(1))
        for t in range(len(steps) - 1, 0, -1):
            d, by_h, earlier = delta[:, t - 1], steps[t], steps[t - 1]
            u, c = gates[:, t - 1].chunk(2, -1)
            by_u, by_c = d.chunk(2, -1)
            kept = torch.mul(by_h, u, out=by_u)
            earlier.add_(kept)
            ctx.activation.chain_(torch.sub(by_h, kept, out=by_c), c)
            SIGMOID.chain_(torch.sub(before[t - 1], c, out=by_u).mul_(by_h), u)
            earlier.baddbmm_(d, W)
        by_recurrent = recurrent_gradient(delta, states, h0)
        return *input_gradients(ctx, delta, x, w_in), first, by_recurrent, None
