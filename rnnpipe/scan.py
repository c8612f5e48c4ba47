"""The scan over time, as one autograd function a cell family.

Forward: one batched product and one activation a step. Backward: one batched
product a step, then the gradient of the recurrent weights as one large product
over all times. Autograd over a Python loop would record five nodes a step and
form the weight gradient T times.

Layout (network, time, trial, unit): each step is a strided batch that the
matrix product takes without a copy, all times together are one matrix, and
each network's numbers lie apart, so its results do not depend on who is beside
it.
"""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.activations import Activation


def leaky_scan(
    u: Tensor, h0: Tensor, recurrent: Tensor, activation: Activation, alpha: float
) -> Tensor:
    """States of h' = (1 - α) h + α φ(W h + u); see `Cell.scan` for shapes."""
    return _LeakyScan.apply(u, h0, recurrent, activation, alpha)[-1]


def ctrnn_scan(
    u: Tensor, h0: Tensor, recurrent: Tensor, activation: Activation, alpha: float
) -> Tensor:
    """States of h' = (1 - α) h + α (W φ(h) + u); see `Cell.scan` for shapes."""
    return _CTRNNScan.apply(u, h0, recurrent, activation, alpha)


def _weight_gradient(delta: Tensor, before: Tensor, first: Tensor) -> Tensor:
    """Σ_t δ_tᵀ y_{t-1} over all times and trials.

    `delta` and `before` are (network, time, trial, unit), `first` is y before
    the first step, (network, trial, unit).
    """
    later = delta[:, 1:].flatten(1, 2)
    gradient = torch.bmm(delta[:, 0].mT, first)
    return torch.baddbmm(gradient, later.mT, before[:, :-1].flatten(1, 2))


class _LeakyScan(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx, u: Tensor, h0: Tensor, W: Tensor, activation: Activation, alpha: float
    ) -> tuple[Tensor, ...]:
        f = u  # φ(z) takes the place of the drive, step by step
        states = f if alpha == 1 else torch.empty_like(f)
        h, transposed = h0, W.mT
        for t in range(u.shape[1]):
            z = f[:, t]
            torch.baddbmm(z, h, transposed, out=z)
            activation.function_(z)
            if alpha != 1:
                torch.lerp(h, z, alpha, out=states[:, t])
            h = states[:, t]
        ctx.mark_dirty(u)
        ctx.set_materialize_grads(False)
        ctx.activation, ctx.alpha = activation, alpha
        ctx.save_for_backward(f, states, h0, W)
        return (f,) if alpha == 1 else (f, states)

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        f, states, h0, W = ctx.saved_tensors
        gradient = gradients[-1]
        if gradient is None:
            return None, None, None, None, None
        activation, alpha = ctx.activation, ctx.alpha
        delta = torch.empty_like(f)
        d = gradient[:, -1].clone()
        for t in range(f.shape[1] - 1, -1, -1):
            scaled = d if alpha == 1 else d * alpha
            activation.chain(scaled, f[:, t], delta[:, t])
            earlier = gradient[:, t - 1] if t else torch.zeros_like(d)
            if alpha != 1:
                earlier = torch.add(earlier, d, alpha=1 - alpha)
            torch.baddbmm(earlier, delta[:, t], W, out=d)
        return delta, d, _weight_gradient(delta, states, h0), None, None


class _CTRNNScan(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx, u: Tensor, h0: Tensor, W: Tensor, activation: Activation, alpha: float
    ) -> Tensor:
        states = u  # the states take the place of the drive, step by step
        rates = torch.empty_like(u)
        first = activation.function(h0)
        h, r, transposed = h0, first, W.mT
        for t in range(u.shape[1]):
            current = states[:, t]
            torch.baddbmm(current, r, transposed, out=current)
            torch.lerp(h, current, alpha, out=current)
            h, r = current, rates[:, t]
            activation.function_(r.copy_(h))
        ctx.mark_dirty(u)
        ctx.activation, ctx.alpha = activation, alpha
        ctx.save_for_backward(rates, first, W)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, gradient: Tensor) -> tuple[Tensor | None, ...]:
        rates, first, W = ctx.saved_tensors
        activation, alpha = ctx.activation, ctx.alpha
        delta = torch.empty_like(rates)  # gradient of the current W φ(h) + u
        d, back = gradient[:, -1].clone(), torch.empty_like(gradient[:, -1])
        for t in range(rates.shape[1] - 1, -1, -1):
            torch.mul(d, alpha, out=delta[:, t])
            torch.bmm(delta[:, t], W, out=back)
            activation.chain(back, rates[:, t - 1] if t else first, back)
            d.mul_(1 - alpha).add_(back)
            if t:
                d.add_(gradient[:, t - 1])
        return delta, d, _weight_gradient(delta, rates, first), None, None
