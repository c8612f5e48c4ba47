"""The scan of the long short-term memory."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.activations import ACTIVATIONS, Activation
from rnnpipe.scan.products import drive, input_gradients, recurrent_gradient, scaled_rows

SIGMOID = ACTIVATIONS["sigmoid"]


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
        for t, step in enumerate(gates.unbind(1)):
            i, f, g, o = step.baddbmm_(h, columns).chunk(4, -1)
            step[..., : 2 * units].sigmoid_()
            o.sigmoid_()
            kept, cell = states[:, t].chunk(2, -1)
            c = torch.mul(f, c, out=cell).addcmul_(i, activation.function_(g))
            s = activation.function_(torch.mul(c, gain, out=squashed[:, t]))
            h = torch.mul(o, s, out=rates[:, t])
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
        by_h = torch.zeros_like(rates) if by_rate is None else by_rate.clone()
        if by_state is not None:
            by_h.add_(by_state[..., :units])
        delta = torch.empty_like(gates)
        first = torch.zeros_like(start, memory_format=torch.contiguous_format)
        first_h, by_c = first.chunk(2, -1)  # the gradient of c is carried back in place
        steps = (first_h, *by_h.unbind(1))
        cells = (start[..., units:], *states[..., units:].unbind(1))
        for t in range(len(steps) - 1, 0, -1):
            d, gate, s = delta[:, t - 1], gates[:, t - 1], squashed[:, t - 1]
            i, f, g, o = gate.chunk(4, -1)
            by_i, by_f, by_g, by_o = d.chunk(4, -1)
            if by_state is not None:
                by_c.add_(by_state[:, t - 1, :, units:])
            by_c.add_(chain_(torch.mul(steps[t], o, out=by_g), s))
            SIGMOID.chain_(torch.mul(steps[t], s, out=by_o), o)
            torch.mul(by_c, g, out=by_i)
            torch.mul(by_c, cells[t - 1], out=by_f)
            SIGMOID.chain_(d[..., : 2 * units], gate[..., : 2 * units])
            chain_(torch.mul(by_c, i, out=by_g), g)
            by_c.mul_(f)
            steps[t - 1].baddbmm_(d, W)
        by_recurrent = recurrent_gradient(delta, rates, start[..., :units])
        return *input_gradients(ctx, delta, x, w_in), first, by_recurrent, None
