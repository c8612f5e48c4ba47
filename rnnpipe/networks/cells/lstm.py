"""The long short-term memory, in PyTorch's form, with the state (h, c)."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.dynamics.maps import Linear
from rnnpipe.networks.activations import Activation
from rnnpipe.networks.cells.base import Weights
from rnnpipe.networks.cells.gated import (
    SIGMOID,
    GatedCell,
    SpanGradients,
    blocks,
    scaled_rows,
    sigmoid_slope,
    spans,
    weighted_sum,
)
from rnnpipe.networks.cells.scan import input_currents


class Gates(NamedTuple):
    """Input i, forget f, candidate g, output o."""

    i: Tensor
    f: Tensor
    g: Tensor
    o: Tensor


class LSTM(GatedCell):
    """c' = f c + i g, h' = o φ(c'), with i, f, o = σ(W h + W_in x + b), g = φ(W h + W_in x + b).

    Hochreiter & Schmidhuber 1997 (Neural Comput. 9:1735) with the forget gate
    of Gers et al. 2000, as `torch.nn.LSTM` has it; φ, there tanh, acts on the
    candidate and on the cell state alike. Rows of weights and bias are i, f,
    g, o, the bias holding the sum of PyTorch's two. The state is h, then c;
    the readout sees h.
    """

    kind = "lstm"
    gates = 4
    candidate = 2
    bias_blocks = 4
    state_blocks = 2

    def _gates(self, h: Tensor, u: Tensor, weights: Weights) -> Gates:
        i, f, g, o = torch.baddbmm(u, h, weights.recurrent.mT).chunk(4, -1)
        return Gates(i.sigmoid(), f.sigmoid(), self.activation.function(g), o.sigmoid())

    def _new_cell(self, c: Tensor, gates: Gates) -> Tensor:
        return torch.addcmul(gates.f * c, gates.i, gates.g)

    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        rate, c = h.chunk(2, -1)
        gates = self._gates(rate, u, weights)
        new = self._new_cell(c, gates)
        return torch.cat([gates.o * self.activation.function(new), new], dim=-1)

    def _slopes(self, c: Tensor, gates: Gates) -> tuple[tuple[Tensor, ...], Tensor, Tensor]:
        """dc' by the drive of i, f and g; dh' by that of o; dh' by c'."""
        i, f, g, o = gates
        s = self.activation.function(self._new_cell(c, gates))
        by_drive = g * sigmoid_slope(i), c * sigmoid_slope(f), i * self.activation.slope(g)
        return by_drive, s * sigmoid_slope(o), o * self.activation.slope(s)

    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        rate, c = h.chunk(2, -1)
        units = rate.shape[-1]
        gates = self._gates(rate, u, weights)
        by_drive, by_o, by_cell = self._slopes(c, gates)
        *cell, output = weights.recurrent.chunk(4, 1)
        jacobian = h.new_zeros(*h.shape, h.shape[-1])
        new, new_cell = jacobian[..., :units, :], jacobian[..., units:, :]
        new_cell[..., :units] = weighted_sum(by_drive, cell)
        new_cell[..., units:].diagonal(dim1=-2, dim2=-1).copy_(gates.f)
        torch.mul(by_cell[..., None], new_cell, out=new)
        new[..., :units].addcmul_(by_o[..., None], output[:, None])
        return jacobian

    def linearized(self, h: Tensor, u: Tensor, weights: Weights) -> Linear:
        rate, c = h.chunk(2, -1)
        gates = self._gates(rate, u, weights)
        slopes, *outer = self._slopes(c, gates)
        by_o, by_cell, kept, *slopes = (s[..., None, :] for s in (*outer, gates.f, *slopes))

        def product(directions: Tensor) -> Tensor:
            by_rate, by_c = directions.chunk(2, -1)
            *cell, output = weights.recur(by_rate).chunk(4, -1)
            new_cell = kept * by_c
            for slope, part in zip(slopes, cell, strict=True):
                new_cell.addcmul_(slope, part)
            new = (by_cell * new_cell).addcmul_(by_o, output)
            return torch.cat([new, new_cell], dim=-1)

        return product

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        rate, c = h.chunk(2, -1)
        by_drive, by_o, by_cell = self._slopes(c, self._gates(rate, u, weights))
        *cell, output = weights.input.chunk(4, 1)
        new_cell = weighted_sum(by_drive, cell)
        new = by_cell[..., None] * new_cell + by_o[..., None] * output[:, None]
        return torch.cat([new, new_cell], dim=-2)

    def _scan(
        self, x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor
    ) -> tuple[Tensor, Tensor]:
        return _LSTMScan.apply(x, w_in, h0, recurrent, self.activation)

    def scan_rates(self, x: Tensor, weights: Weights, noise: Tensor | None = None) -> Tensor:
        if noise is not None or not self._has_kernel(x):
            return super().scan_rates(x, weights, noise)
        h, c = weights.initial_state.chunk(2, -1)
        networks = zip(x, h, c, weights.input, weights.recurrent, weights.bias, strict=True)
        return torch.stack([_rates_by_kernel(*network) for network in networks])

    def _has_kernel(self, x: Tensor) -> bool:
        """Whether torch's own LSTM, which oneDNN computes, is this cell and takes such inputs."""
        on_cpu = x.device.type == "cpu" and torch.backends.mkldnn.is_available()
        return self.activation.name == "tanh" and x.dtype == torch.float32 and on_cpu

    def rates(self, h: Tensor) -> Tensor:
        return h.chunk(2, -1)[0]

    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        """|h| ≤ 1, and |c| ≤ max i · max |g| / (1 - max f) over all such h.

        Then |c'| ≤ max f |c| + max i · max |g| stays within the same bound.
        """
        if not self.activation.bounded:
            return None
        reach = weights.recurrent.abs().sum(-1)
        most_i, most_f, most_g, _ = (u + reach).chunk(4, -1)
        least_g = (u - reach).chunk(4, -1)[2]
        if (most_f.sigmoid() == 1).any():
            return None
        function = self.activation.function
        g = torch.maximum(function(most_g).abs(), function(least_g).abs())
        c = most_i.sigmoid() * g / (-most_f).sigmoid()
        corner = torch.cat([torch.ones_like(c), c], dim=-1)
        return -corner, corner

    @property
    def unbounded(self) -> str:
        if self.activation.bounded:
            return "a forget gate rounds to 1, so that no bound holds for the cell state"
        return super().unbounded

    def initial_bias(self, units: int) -> np.ndarray:
        """Zero, but 1 for the forget gate: Jozefowicz et al. 2015 (ICML 37:2342)."""
        return np.repeat([0.0, 1.0, 0.0, 0.0], units)


def _rates_by_kernel(
    x: Tensor, h: Tensor, c: Tensor, w_in: Tensor, recurrent: Tensor, bias: Tensor
) -> Tensor:
    """Rates (time, trial, unit) of one tanh network by torch's kernel, differentiable.

    It takes half the time of the scan below and keeps the states to itself.
    One network at a time: its bits cannot depend on the networks beside it.

    Parameters
    ----------
    x
        (time, trial, input).
    h, c
        The initial state, (unit,) each.
    w_in, recurrent, bias
        One network's part of `Weights`.
    """
    start = [part.expand(1, x.shape[1], -1).contiguous() for part in (h, c)]
    weights = [w_in, recurrent, bias, torch.zeros_like(bias)]
    return torch._VF.lstm(
        x,
        start,
        weights,
        has_biases=True,
        num_layers=1,
        dropout=0.0,
        train=torch.is_grad_enabled(),
        bidirectional=False,
        batch_first=False,
    )[0]


class _LSTMScan(torch.autograd.Function):
    """The scan of c' = f c + i g, h' = o φ(c').

    Shapes: x (network, time, trial, input + 1); w_in (network, 4 unit, input + 1),
    rows of i, f, g and o; start (network, trial, 2 unit), h, then c; W (network,
    4 unit, unit). Returns the states after each update (network, time, trial,
    2 unit) and a copy of their first half, the rates, since the readout wants
    rows without gaps.
    """

    @staticmethod
    def forward(
        ctx: FunctionCtx, x: Tensor, w_in: Tensor, start: Tensor, W: Tensor, activation: Activation
    ) -> tuple[Tensor, Tensor]:
        units, gain = W.shape[-1], activation.gain
        rows = 2 * units, 3 * units, gain
        # Gates and candidate take the place of the currents, step by step.
        gates = input_currents(x, scaled_rows(w_in, *rows))
        states = gates.new_empty(*gates.shape[:3], 2 * units)
        rates, squashed = (gates.new_empty(*gates.shape[:3], units) for _ in range(2))
        columns = scaled_rows(W, *rows).mT
        h, c = start.chunk(2, -1)
        steps = gates.unbind(1), gates[..., : 2 * units].unbind(1), blocks(gates, 4)
        outer = blocks(states, 2), rates.unbind(1), squashed.unbind(1)
        for currents, sigmoids, (i, f, g, o), (kept, cell), rate, s in zip(
            *steps, *outer, strict=True
        ):
            currents.baddbmm_(h, columns)
            sigmoids.sigmoid_()
            c = torch.mul(f, c, out=cell).addcmul_(i, activation.function_(g))
            activation.function_(torch.mul(c, gain, out=s))
            h = torch.mul(o.sigmoid_(), s, out=rate)
            kept.copy_(h)
        ctx.set_materialize_grads(False)
        ctx.activation = activation
        ctx.save_for_backward(x, w_in, gates, states, rates, squashed, start, W)
        return states, rates

    @staticmethod
    @once_differentiable
    def backward(
        ctx: FunctionCtx, by_state: Tensor | None, by_rate: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        x, w_in, gates, states, rates, squashed, start, W = ctx.saved_tensors
        units, chain_ = W.shape[-1], ctx.activation.chain_
        sums = SpanGradients(ctx, x, w_in, W, start[..., :units], rates)
        total = torch.zeros_like(rates) if by_rate is None else by_rate.clone()
        if by_state is not None:
            total.add_(by_state[..., :units])
        first = torch.zeros_like(start, memory_format=torch.contiguous_format)
        first_h, by_c = first.chunk(2, -1)  # the gradient of c is carried back in place
        by_h = (first_h, *total.unbind(1))
        cells = (start[..., units:], *states[..., units:].unbind(1))
        gate, delta, squashed = blocks(gates, 4), blocks(sums.delta, 4), squashed.unbind(1)
        sigmoids, by_sigmoids = (v[..., : 2 * units].unbind(1) for v in (gates, sums.delta))
        by_currents = sums.delta.unbind(1)
        for begin, stop in spans(len(gate)):
            for t in reversed(range(begin, stop)):
                k, s, by_after = t - begin, squashed[t], by_h[t + 1]
                (i, f, g, o), (by_i, by_f, by_g, by_o) = gate[t], delta[k]
                if by_state is not None:
                    by_c.add_(by_state[:, t, :, units:])
                # The gradient of c' through h' borrows the memory of by_g, which is written below.
                by_c.add_(chain_(torch.mul(by_after, o, out=by_g), s))
                SIGMOID.chain_(torch.mul(by_after, s, out=by_o), o)
                torch.mul(by_c, g, out=by_i)
                torch.mul(by_c, cells[t], out=by_f)
                SIGMOID.chain_(by_sigmoids[k], sigmoids[t])
                chain_(torch.mul(by_c, i, out=by_g), g)
                by_c.mul_(f)
                by_h[t].baddbmm_(by_currents[k], W)
            sums.add(begin, stop)
        by_x, by_w_in, by_recurrent = sums.result()
        return by_x, by_w_in, first, by_recurrent, None
