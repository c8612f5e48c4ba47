"""The scan of leaky currents."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.networks.activations import Activation
from rnnpipe.networks.cells.scan.products import drive, input_gradients, recurrent_gradient


def ctrnn_scan(
    x: Tensor,
    w_in: Tensor,
    h0: Tensor,
    recurrent: Tensor,
    noise: Tensor | None,
    activation: Activation,
    alpha: float,
) -> tuple[Tensor, Tensor]:
    """States h' = (1 - α) h + α (W φ(h) + W_in x + ξ) and rates φ(h').

    Shapes are those of `rnnpipe.networks.cells.scan.leaky.leaky_scan`.
    """
    return _CTRNNScan.apply(x, w_in, h0, recurrent, noise, activation, alpha)


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
        states = drive(x, w_in, noise)  # states take the place of the drive, step by step
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
        by_recurrent = recurrent_gradient(delta, rates, first)
        return *input_gradients(ctx, delta, x, w_in), start, by_recurrent, None, None, None
