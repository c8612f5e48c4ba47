"""The scan of the gated recurrent unit."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.activations import ACTIVATIONS, Activation
from rnnpipe.scan.products import drive, input_gradients, recurrent_gradient, scaled_rows

SIGMOID = ACTIVATIONS["sigmoid"]


def gru_scan(
    x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor, activation: Activation
) -> Tensor:
    """States of h' = (1 - z) n + z h, where n = φ(current + r q) and q = W_n h + b_hn.

    Parameters
    ----------
    x
        (network, time, trial, input + 1), the last channel being 1.
    w_in
        (network, 4 unit, input + 1), the last column being the bias: rows of
        r, z, q and n, so that one product gives every current of the input.
    h0
        (network, trial, unit).
    recurrent
        (network, 3 unit, unit): rows of r, z and q.

    Returns
    -------
    Tensor
        (network, time, trial, unit); states after each update.
    """
    return _GRUScan.apply(x, w_in, h0, recurrent, activation)


class _GRUScan(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx, x: Tensor, w_in: Tensor, h0: Tensor, W: Tensor, activation: Activation
    ) -> Tensor:
        units, gain = h0.shape[-1], activation.gain
        # Gates, q and candidate take the place of the currents, step by step.
        gates = drive(x, scaled_rows(w_in, 3 * units, 4 * units, gain))
        states = gates.new_empty(*gates.shape[:3], units)
        h, columns = h0, W.mT
        for step, after in zip(gates.unbind(1), states.unbind(1), strict=True):
            step[..., : 3 * units].baddbmm_(h, columns)
            step[..., : 2 * units].sigmoid_()
            r, z, q, n = step.chunk(4, -1)
            activation.function_(n.addcmul_(r, q, value=gain))
            h = torch.lerp(n, h, z, out=after)
        ctx.activation = activation
        ctx.save_for_backward(x, w_in, gates, states, h0, W)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, by_state: Tensor) -> tuple[Tensor | None, ...]:
        x, w_in, gates, states, h0, W = ctx.saved_tensors
        units, chain_ = h0.shape[-1], ctx.activation.chain_
        delta = torch.empty_like(gates)
        first = torch.zeros_like(h0, memory_format=torch.contiguous_format)
        steps = (first, *by_state.clone().unbind(1))
        before = (h0, *states.unbind(1))
        for t in range(len(steps) - 1, 0, -1):
            d, gate, by_h, earlier = delta[:, t - 1], gates[:, t - 1], steps[t], steps[t - 1]
            r, z, q, n = gate.chunk(4, -1)
            by_r, by_z, by_q, by_n = d.chunk(4, -1)
            kept = torch.mul(by_h, z, out=by_z)
            earlier.add_(kept)
            chain_(torch.sub(by_h, kept, out=by_n), n)
            torch.mul(by_n, r, out=by_q)
            torch.mul(by_n, q, out=by_r)
            torch.sub(before[t - 1], n, out=by_z).mul_(by_h)
            SIGMOID.chain_(d[..., : 2 * units], gate[..., : 2 * units])
            earlier.baddbmm_(d[..., : 3 * units], W)
        by_recurrent = recurrent_gradient(delta[..., : 3 * units], states, h0)
        return *input_gradients(ctx, delta, x, w_in), first, by_recurrent, None
