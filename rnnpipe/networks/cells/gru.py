"""The gated recurrent unit, in PyTorch's form."""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.networks.activations import Activation
from rnnpipe.networks.cells.base import Weights
from rnnpipe.networks.cells.gated import (
    SIGMOID,
    InterpolatingCell,
    SpanGradients,
    blocks,
    scaled_rows,
    sigmoid_slope,
    spans,
)
from rnnpipe.networks.cells.scan import input_currents


class Gates(NamedTuple):
    """Reset r, update z, the current q = W_n h + b_hn that r scales, candidate n."""

    r: Tensor
    z: Tensor
    q: Tensor
    n: Tensor


class GRU(InterpolatingCell):
    """h' = (1 - z) n + z h, with r, z = σ(W h + W_in x + b), n = φ(W_in x + b + r (W h + b_hn)).

    Cho et al. 2014 (EMNLP, p. 1724), with the reset after the product, as
    `torch.nn.GRU` has it. Rows of the weights are r, z, n; of the bias r, z,
    n, b_hn, the former two holding the sum of PyTorch's two biases.
    """

    kind = "gru"
    gates = 3
    candidate = 2
    bias_blocks = 4

    def _gates(self, h: Tensor, u: Tensor, weights: Weights) -> Gates:
        a_r, a_z, q = torch.bmm(h, weights.recurrent.mT).chunk(3, -1)
        u_r, u_z, u_n = u.chunk(3, -1)
        r, z = torch.sigmoid(u_r + a_r), torch.sigmoid(u_z + a_z)
        q = q + weights.bias[:, None, u.shape[-1] :]
        return Gates(r, z, q, self.activation.function(u_n + r * q))

    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        gates = self._gates(h, u, weights)
        return torch.lerp(gates.n, h, gates.z)

    def _derivatives(
        self, h: Tensor, u: Tensor, weights: Weights
    ) -> tuple[Tensor, tuple[Tensor, ...], tuple[Tensor, ...]]:
        r, z, q, n = self._gates(h, u, weights)
        by_n = (1 - z) * self.activation.slope(n)
        by_r, by_z = by_n * q * sigmoid_slope(r), (h - n) * sigmoid_slope(z)
        return z, (by_r, by_z, by_n * r), (by_r, by_z, by_n)

    def _input_columns(self, weights: Weights) -> Tensor:
        """Rows of r, z, q and n; q = W h + b_hn sees no input."""
        r, z, n = weights.input.chunk(3, 1)
        b_r, b_z, b_n, b_hn = weights.bias[..., None].chunk(4, 1)
        rows = torch.cat([r, z, torch.zeros_like(n), n], dim=1)
        return torch.cat([rows, torch.cat([b_r, b_z, b_hn, b_n], dim=1)], dim=-1)

    def _scan(
        self, x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor
    ) -> tuple[Tensor, Tensor]:
        states = _GRUScan.apply(x, w_in, h0, recurrent, self.activation)
        return states, states


class _GRUScan(torch.autograd.Function):
    """The scan of h' = (1 - z) n + z h, where n = φ(current + r q) and q = W_n h + b_hn.

    Shapes: x (network, time, trial, input + 1); w_in (network, 4 unit, input + 1),
    rows of r, z, q and n, so that one product gives every current of the input;
    h0 (network, trial, unit); W (network, 3 unit, unit), rows of r, z and q.
    Returns the states after each update, (network, time, trial, unit).
    """

    @staticmethod
    def forward(
        ctx: FunctionCtx, x: Tensor, w_in: Tensor, h0: Tensor, W: Tensor, activation: Activation
    ) -> Tensor:
        units, gain = h0.shape[-1], activation.gain
        # Gates, q and candidate take the place of the currents, step by step.
        gates = input_currents(x, scaled_rows(w_in, 3 * units, 4 * units, gain))
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
                # What h keeps of by_after borrows the memory of by_z, which is written below.
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
