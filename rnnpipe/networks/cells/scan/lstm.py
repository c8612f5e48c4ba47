"""The scan of the long short-term memory."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.networks.activations import Activation
from rnnpipe.networks.cells.scan.gates import SIGMOID, SpanGradients, blocks, scaled_rows, spans
from rnnpipe.networks.cells.scan.products import drive


def lstm_scan(
    x: Tensor, w_in: Tensor, start: Tensor, recurrent: Tensor, activation: Activation
) -> tuple[Tensor, Tensor]:
    """States (h, c) of c' = f c + i g, h' = o φ(c'), and the rates h'.

    Parameters
    ----------
    x
        (network, time, trial, input + 1), the last channel being 1.
    w_in
        (network, 4 unit, input + 1), rows of i, f, g and o, the last column
        being the bias.
    start
        (network, trial, 2 unit): h, then c.
    recurrent
        (network, 4 unit, unit).

    Returns
    -------
    tuple
        States (network, time, trial, 2 unit) after each update, and their
        first half, apart, since the readout wants rows without gaps.
    """
    return _LSTMScan.apply(x, w_in, start, recurrent, activation)


class _LSTMScan(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx, x: Tensor, w_in: Tensor, start: Tensor, W: Tensor, activation: Activation
    ) -> tuple[Tensor, Tensor]:
        units, gain = W.shape[-1], activation.gain
        rows = 2 * units, 3 * units, gain
        # Gates and candidate take the place of the currents, step by step.
        gates = drive(x, scaled_rows(w_in, *rows))
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
