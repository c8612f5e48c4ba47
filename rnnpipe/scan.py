"""The scan over time, as one autograd function a cell family.

Forward: one batched product and one activation a step. Backward: one batched
product a step, then the gradients of the recurrent and the input weights as
one large product each over all times. Autograd over a Python loop would record
five nodes a step and form the weight gradient T times.

Layout (network, time, trial, unit): each step is a strided batch that the
matrix product takes without a copy, all times together are one matrix, and
each network's numbers lie apart, so its results do not depend on who is beside
it.

The input comes with a last channel of ones, and the input weights with the
bias as their last column: the drive is then one product, and so is the
gradient of both.
"""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.activations import Activation


def leaky_scan(
    x: Tensor,
    w_in: Tensor,
    h0: Tensor,
    recurrent: Tensor,
    noise: Tensor | None,
    activation: Activation,
    alpha: float,
) -> Tensor:
    """States of h' = (1 - α) h + α φ(W h + W_in x + ξ).

    Parameters
    ----------
    x
        (network, time, trial, input + 1), the last channel being 1.
    w_in
        (network, unit, input + 1), the last column being the bias.
    h0
        (network, trial, unit).
    recurrent
        (network, unit, unit).
    noise
        ξ, (network, time, trial, unit); it has no gradient.

    Returns
    -------
    Tensor
        (network, time, trial, unit); states after each update.
    """
    return _LeakyScan.apply(x, w_in, h0, recurrent, noise, activation, alpha)[-1]


def ctrnn_scan(
    x: Tensor,
    w_in: Tensor,
    h0: Tensor,
    recurrent: Tensor,
    noise: Tensor | None,
    activation: Activation,
    alpha: float,
) -> tuple[Tensor, Tensor]:
    """States h' = (1 - α) h + α (W φ(h) + W_in x + ξ) and rates φ(h'); shapes as there."""
    return _CTRNNScan.apply(x, w_in, h0, recurrent, noise, activation, alpha)


def _drive(x: Tensor, w_in: Tensor, noise: Tensor | None) -> Tensor:
    """W_in x + ξ at all times, in memory of its own."""
    rows, columns = x.flatten(1, 2), w_in.mT
    if noise is None:
        u = torch.bmm(rows, columns)
    else:
        u = torch.baddbmm(noise.flatten(1, 2), rows, columns)
    return u.unflatten(1, x.shape[1:3])


def _input_gradients(
    ctx: FunctionCtx, delta: Tensor, x: Tensor, w_in: Tensor
) -> tuple[Tensor | None, Tensor]:
    """Gradients of x, where it is asked for, and of the input weights."""
    rows = delta.flatten(1, 2)
    by_x = torch.bmm(rows, w_in).unflatten(1, x.shape[1:3]) if ctx.needs_input_grad[0] else None
    # A product with few columns is many times slower than one with few rows.
    return by_x, torch.bmm(x.flatten(1, 2).mT, rows).mT


def _recurrent_gradient(delta: Tensor, before: Tensor, first: Tensor) -> Tensor:
    """Σ_t δ_tᵀ y_{t-1} over all times and trials.

    `delta` and `before` are (network, time, trial, unit), `first` is y before
    the first step, (network, trial, unit).
    """
    later = delta[:, 1:].flatten(1, 2)
    gradient = torch.bmm(delta[:, 0].mT, first)
    return gradient.baddbmm_(later.mT, before[:, :-1].flatten(1, 2))


class _LeakyScan(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx,
        x: Tensor,
        w_in: Tensor,
        h0: Tensor,
        W: Tensor,
        noise: Tensor | None,
        activation: Activation,
        alpha: float,
    ) -> tuple[Tensor, ...]:
        gain = activation.gain
        # φ(z) takes the place of the drive, step by step.
        f = _drive(x, w_in * gain, noise if noise is None else noise * gain)
        states = f if alpha == 1 else torch.empty_like(f)
        h, columns = h0, (W * gain).mT
        for z, after in zip(f.unbind(1), states.unbind(1), strict=True):
            activation.function_(z.baddbmm_(h, columns))
            if alpha != 1:
                torch.lerp(h, z, alpha, out=after)
            h = after
        ctx.set_materialize_grads(False)
        ctx.activation, ctx.alpha = activation, alpha
        ctx.save_for_backward(x, w_in, f, states, h0, W)
        return (f,) if alpha == 1 else (f, states)

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        x, w_in, f, states, h0, W = ctx.saved_tensors
        if gradients[-1] is None:
            return (None,) * 7
        activation, alpha = ctx.activation, ctx.alpha
        # The gradient of the state becomes that of the drive, from the last step back.
        delta = gradients[-1].clone()
        first = torch.zeros_like(h0, memory_format=torch.contiguous_format)
        steps = (first, *delta.unbind(1))
        for d, earlier, y in zip(steps[:0:-1], steps[-2::-1], f.unbind(1)[::-1], strict=True):
            if alpha != 1:
                earlier.add_(d, alpha=1 - alpha)
                d.mul_(alpha)
            activation.chain_(d, y)
            earlier.baddbmm_(d, W)
        by_recurrent = _recurrent_gradient(delta, states, h0)
        return *_input_gradients(ctx, delta, x, w_in), first, by_recurrent, None, None, None


class _CTRNNScan(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx,
        x: Tensor,
        w_in: Tensor,
        h0: Tensor,
        W: Tensor,
        noise: Tensor | None,
        activation: Activation,
        alpha: float,
    ) -> tuple[Tensor, Tensor]:
        states = _drive(x, w_in, noise)  # states take the place of the drive, step by step
        rates = torch.empty_like(states)
        first = activation.function(h0)
        h, r, columns = h0, first, W.mT
        for current, rate in zip(states.unbind(1), rates.unbind(1), strict=True):
            current.baddbmm_(r, columns)
            h = torch.lerp(h, current, alpha, out=current)
            r = activation.function_(torch.mul(h, activation.gain, out=rate))
        ctx.set_materialize_grads(False)
        ctx.activation, ctx.alpha = activation, alpha
        ctx.save_for_backward(x, w_in, rates, first, W)
        return states, rates

    @staticmethod
    @once_differentiable
    def backward(
        ctx: FunctionCtx, by_state: Tensor | None, by_rate: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        x, w_in, rates, first, W = ctx.saved_tensors
        activation, alpha = ctx.activation, ctx.alpha
        # The gradient of the state becomes that of the current W φ(h) + u.
        delta = torch.zeros_like(rates) if by_state is None else by_state.clone()
        start = torch.zeros_like(first)
        steps, outer = (start, *delta.unbind(1)), (first, *rates.unbind(1))
        direct = [None] * len(outer) if by_rate is None else [None, *by_rate.unbind(1)]
        back = torch.empty_like(start)
        for t in range(len(steps) - 1, 0, -1):
            if direct[t] is not None:
                steps[t].add_(activation.chain_(back.copy_(direct[t]), outer[t]))
            steps[t - 1].add_(steps[t], alpha=1 - alpha)
            steps[t].mul_(alpha)
            torch.bmm(steps[t], W, out=back)
            steps[t - 1].add_(activation.chain_(back, outer[t - 1]))
        by_recurrent = _recurrent_gradient(delta, rates, first)
        return *_input_gradients(ctx, delta, x, w_in), start, by_recurrent, None, None, None
