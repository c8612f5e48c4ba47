"""The scan of leaky rates."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.networks.activations import Activation
from rnnpipe.networks.cells.scan.products import drive, input_gradients, recurrent_gradient


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
        f = drive(x, w_in * gain, noise if noise is None else noise * gain)
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
        by_recurrent = recurrent_gradient(delta, states, h0)
        return *input_gradients(ctx, delta, x, w_in), first, by_recurrent, None, None, None
