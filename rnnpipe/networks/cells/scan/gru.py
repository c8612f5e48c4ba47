"""The scan of the gated recurrent unit."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.networks.activations import Activation
from rnnpipe.networks.cells.scan.gates import SIGMOID, SpanGradients, blocks, scaled_rows, spans
from rnnpipe.networks.cells.scan.products import drive


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
        rows = gates[..., : 3 * units].unbind(1), gates[..., : 2 * units].unbind(1)
        for recurrent, sigmoids, (r, z, q, n), after in zip(
            *rows, blocks(gates, 4), states.unbind(1), strict=True
        ):
            recurrent.baddbmm_(h, columns)
            sigmoids.sigmoid_()
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
        sums = SpanGradients(ctx, x, w_in, W, h0, states)
        first = torch.zeros_like(h0, memory_format=torch.contiguous_format)
        by_h = (first, *by_state.clone().unbind(1))
        before = (h0, *states.unbind(1))
        gate, delta = blocks(gates, 4), blocks(sums.delta, 4)
        sigmoids, by_sigmoids, by_recurrent = (
            values[..., : k * units].unbind(1)
            for values, k in ((gates, 2), (sums.delta, 2), (sums.delta, 3))
        )
        for start, stop in spans(len(gate)):
            for t in reversed(range(start, stop)):
                (r, z, q, n), (by_r, by_z, by_q, by_n) = gate[t], delta[t - start]
                by_after, earlier = by_h[t + 1], by_h[t]
                kept = torch.mul(by_after, z, out=by_z)
                earlier.add_(kept)
                chain_(torch.sub(by_after, kept, out=by_n), n)
                torch.mul(by_n, r, out=by_q)
                torch.mul(by_n, q, out=by_r)
                torch.sub(before[t], n, out=by_z).mul_(by_after)
                SIGMOID.chain_(by_sigmoids[t - start], sigmoids[t])
                earlier.baddbmm_(by_recurrent[t - start], W)
            sums.add(start, stop)
        by_x, by_w_in, by_recurrent_weights = sums.result()
        return by_x, by_w_in, first, by_recurrent_weights, None
