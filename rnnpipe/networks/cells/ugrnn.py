"""The update gate recurrent network."""

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


class UGRNN(InterpolatingCell):
    """h' = u h + (1 - u) c, with u = σ(W h + W_in x + b), c = φ(W h + W_in x + b).

    Collins, Sohl-Dickstein & Sussillo 2017 (ICLR, arXiv:1611.09913), section
    2. Rows of weights and bias are u, c.
    """

    kind = "ugrnn"
    gates = 2
    candidate = 1
    bias_blocks = 2

    def _gates(self, h: Tensor, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor]:
        by_gate, by_candidate = torch.baddbmm(u, h, weights.recurrent.mT).chunk(2, -1)
        return torch.sigmoid(by_gate), self.activation.function(by_candidate)

    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        gate, c = self._gates(h, u, weights)
        return torch.lerp(c, h, gate)

    def _derivatives(
        self, h: Tensor, u: Tensor, weights: Weights
    ) -> tuple[Tensor, tuple[Tensor, ...], tuple[Tensor, ...]]:
        gate, c = self._gates(h, u, weights)
        slopes = (h - c) * sigmoid_slope(gate), (1 - gate) * self.activation.slope(c)
        return gate, slopes, slopes

    def _scan(
        self, x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor
    ) -> tuple[Tensor, Tensor]:
        states = _UGRNNScan.apply(x, w_in, h0, recurrent, self.activation)
        return states, states


class _UGRNNScan(torch.autograd.Function):
    """The scan of h' = u h + (1 - u) c.

    Shapes: x (network, time, trial, input + 1); w_in (network, 2 unit, input + 1),
    rows of u and c; h0 (network, trial, unit); W (network, 2 unit, unit).
    Returns the states after each update, (network, time, trial, unit).
    """

    @staticmethod
    def forward(
        ctx: FunctionCtx, x: Tensor, w_in: Tensor, h0: Tensor, W: Tensor, activation: Activation
    ) -> Tensor:
        units, gain = h0.shape[-1], activation.gain
        # Gate and candidate take the place of the currents, step by step.
        gates = input_currents(x, scaled_rows(w_in, units, 2 * units, gain))
        states = gates.new_empty(*gates.shape[:3], units)
        h, columns = h0, scaled_rows(W, units, 2 * units, gain).mT
        for currents, (u, c), after in zip(
            gates.unbind(1), blocks(gates, 2), states.unbind(1), strict=True
        ):
            currents.baddbmm_(h, columns)
            h = torch.lerp(activation.function_(c), h, u.sigmoid_(), out=after)
        ctx.activation = activation
        ctx.save_for_backward(x, w_in, gates, states, h0, W)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, by_state: Tensor) -> tuple[Tensor | None, ...]:
        x, w_in, gates, states, h0, W = ctx.saved_tensors
        sums = SpanGradients(ctx, x, w_in, W, h0, states)
        first = torch.zeros_like(h0, memory_format=torch.contiguous_format)
        by_h = (first, *by_state.clone().unbind(1))
        before = (h0, *states.unbind(1))
        gate, delta, by_currents = blocks(gates, 2), blocks(sums.delta, 2), sums.delta.unbind(1)
        for start, stop in spans(len(gate)):
            for t in reversed(range(start, stop)):
                (u, c), (by_u, by_c) = gate[t], delta[t - start]
                by_after, earlier = by_h[t + 1], by_h[t]
                # What h keeps of by_after borrows the memory of by_u, which is written below.
                kept = torch.mul(by_after, u, out=by_u)
                earlier.add_(kept)
                ctx.activation.chain_(torch.sub(by_after, kept, out=by_c), c)
                SIGMOID.chain_(torch.sub(before[t], c, out=by_u).mul_(by_after), u)
                earlier.baddbmm_(by_currents[t - start], W)
            sums.add(start, stop)
        by_x, by_w_in, by_recurrent = sums.result()
        return by_x, by_w_in, first, by_recurrent, None
