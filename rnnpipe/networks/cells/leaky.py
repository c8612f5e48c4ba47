"""Cells with a leak and no gates: leaky rates, leaky currents, and no memory but the recurrence."""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from rnnpipe.dynamics.maps import Linear
from rnnpipe.networks.activations import Activation
from rnnpipe.networks.cells.base import Cell, Weights
from rnnpipe.networks.cells.recurrence import recurrence, recurrent_factors
from rnnpipe.networks.cells.scan import (
    from_initial_state,
    input_currents,
    input_gradients,
    with_bias,
    with_ones,
)


class Leaky(Cell):
    """h' = (1 - α) h + α φ(W_rec h + W_in x + b); readout W_out h + b_out.

    Song, Yang & Wang 2016 (PLoS Comput. Biol. 12:e1004792), equation 5, with
    the state being the rate.
    """

    kind = "leaky"
    current = False

    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        f = self.activation.function(torch.baddbmm(u, h, weights.recurrent.mT))
        return f if self.alpha == 1 else torch.lerp(h, f, self.alpha)

    def _slope(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        f = self.activation.function(torch.baddbmm(u, h, weights.recurrent.mT))
        return self.alpha * self.activation.slope(f)

    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        jacobian = self._slope(h, u, weights)[..., None] * weights.recurrent[:, None]
        if self.alpha != 1:
            jacobian.diagonal(dim1=-2, dim2=-1).add_(1 - self.alpha)
        return jacobian

    def linearized(self, h: Tensor, u: Tensor, weights: Weights) -> Linear:
        slope = self._slope(h, u, weights)[..., None, :]

        def product(directions: Tensor) -> Tensor:
            through = slope * weights.recur(directions)
            return through if self.alpha == 1 else through.add_(directions, alpha=1 - self.alpha)

        return product

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        return self._slope(h, u, weights)[..., None] * weights.input[:, None]

    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        states = _LeakyScan.apply(*_scan_arguments(self, x, weights, noise))[-1]
        return states, states

    def rates(self, h: Tensor) -> Tensor:
        return h

    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        if not self.activation.bounded:
            return None
        return torch.full_like(u, self.activation.lower), torch.full_like(u, self.activation.upper)


class Vanilla(Leaky):
    """h' = φ(W_rec h + W_in x + b); readout W_out h + b_out. `Leaky` at α = 1."""

    kind = "vanilla"


class CTRNN(Cell):
    """h' = h + α (-h + W_rec φ(h) + W_in x + b); readout W_out φ(h) + b_out.

    Sussillo & Barak 2013 (Neural Comput. 25:626), equation 4.1, by Euler steps.
    """

    kind = "ctrnn"
    current = True

    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        current = torch.baddbmm(u, self.activation.function(h), weights.recurrent.mT)
        return torch.lerp(h, current, self.alpha)

    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        slope = self.activation.slope(self.activation.function(h))
        jacobian = self.alpha * slope[..., None, :] * weights.recurrent[:, None]
        jacobian.diagonal(dim1=-2, dim2=-1).add_(1 - self.alpha)
        return jacobian

    def linearized(self, h: Tensor, u: Tensor, weights: Weights) -> Linear:
        slope = self.activation.slope(self.activation.function(h))[..., None, :]
        return lambda directions: torch.lerp(
            directions, weights.recur(slope * directions), self.alpha
        )

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        trials = h.shape[1]
        return (self.alpha * weights.input)[:, None].expand(-1, trials, -1, -1)

    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        return _CTRNNScan.apply(*_scan_arguments(self, x, weights, noise))

    def rates(self, h: Tensor) -> Tensor:
        return self.activation.function(h)

    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        if not self.activation.bounded:
            return None
        ends = weights.recurrent * self.activation.lower, weights.recurrent * self.activation.upper
        low = torch.minimum(*ends).sum(-1)
        high = torch.maximum(*ends).sum(-1)
        return u + low, u + high


def _scan_arguments(
    cell: Cell, x: Tensor, weights: Weights, noise: Tensor | None
) -> tuple[Tensor | Activation | float | None, ...]:
    """What the scans take: inputs with a channel of ones, input weights with the bias, and so on.

    The recurrent weights stand last, as one matrix or two thin ones.
    """
    h0 = from_initial_state(weights, x.shape[2])
    settings = noise, cell.activation, cell.alpha
    return with_ones(x), with_bias(weights), h0, *settings, *recurrent_factors(weights)


class _LeakyScan(torch.autograd.Function):
    """The scan of h' = (1 - α) h + α φ(W h + W_in x + ξ).

    Shapes: x (network, time, trial, input + 1), w_in (network, unit, input + 1),
    h0 (network, trial, unit), noise ξ (network, time, trial, unit), which has no
    gradient; W (network, unit, unit), or m and n of W = m nᵀ, (network, unit,
    rank) each. Returns φ of every step's drive and, unless α is 1, the states
    after each update, both (network, time, trial, unit).
    """

    @staticmethod
    def forward(
        ctx: FunctionCtx,
        x: Tensor,
        w_in: Tensor,
        h0: Tensor,
        noise: Tensor | None,
        activation: Activation,
        alpha: float,
        *W: Tensor,
    ) -> tuple[Tensor, ...]:
        gain = activation.gain
        # φ(z) takes the place of the drive, step by step.
        f = input_currents(x, w_in * gain, noise if noise is None else noise * gain)
        states = f if alpha == 1 else torch.empty_like(f)
        h, recurrent = h0, recurrence(W)
        recurrent.begin(f, gain)
        for t, (z, after) in enumerate(zip(f.unbind(1), states.unbind(1), strict=True)):
            recurrent.add(t, z, h)
            activation.function_(z)
            if alpha != 1:
                torch.lerp(h, z, alpha, out=after)
            h = after
        ctx.set_materialize_grads(False)
        ctx.activation, ctx.alpha, ctx.factors = activation, alpha, len(W)
        ctx.save_for_backward(x, w_in, f, states, h0, *W, *recurrent.saved)
        return (f,) if alpha == 1 else (f, states)

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        x, w_in, f, states, h0, *rest = ctx.saved_tensors
        if gradients[-1] is None:
            return (None,) * (6 + ctx.factors)
        activation, alpha = ctx.activation, ctx.alpha
        # The gradient of the state becomes that of the drive, from the last step back.
        delta = gradients[-1].clone()
        first = torch.zeros_like(h0, memory_format=torch.contiguous_format)
        recurrent = recurrence(rest[: ctx.factors])
        recurrent.begin_back(delta, rest[ctx.factors :])
        steps, outer = (first, *delta.unbind(1)), f.unbind(1)
        for t in range(len(outer) - 1, -1, -1):
            earlier, d = steps[t], steps[t + 1]
            if alpha != 1:
                earlier.add_(d, alpha=1 - alpha)
                d.mul_(alpha)
            activation.chain_(d, outer[t])
            recurrent.add_back(t, earlier, d)
        by_recurrent = recurrent.gradients(delta, states, h0)
        return *input_gradients(ctx, delta, x, w_in), first, None, None, None, *by_recurrent


class _CTRNNScan(torch.autograd.Function):
    """The scan of h' = (1 - α) h + α (W φ(h) + W_in x + ξ), and its rates φ(h').

    Shapes are those of `_LeakyScan`.
    """

    @staticmethod
    def forward(
        ctx: FunctionCtx,
        x: Tensor,
        w_in: Tensor,
        h0: Tensor,
        noise: Tensor | None,
        activation: Activation,
        alpha: float,
        *W: Tensor,
    ) -> tuple[Tensor, Tensor]:
        states = input_currents(x, w_in, noise)  # states take the place of the drive, step by step
        rates = torch.empty_like(states)
        first = activation.function(h0)
        h, r, recurrent = h0, first, recurrence(W)
        recurrent.begin(states, 1.0)
        for t, (current, rate) in enumerate(zip(states.unbind(1), rates.unbind(1), strict=True)):
            recurrent.add(t, current, r)
            h = torch.lerp(h, current, alpha, out=current)
            r = activation.function_(torch.mul(h, activation.gain, out=rate))
        ctx.set_materialize_grads(False)
        ctx.activation, ctx.alpha, ctx.factors = activation, alpha, len(W)
        ctx.save_for_backward(x, w_in, rates, first, *W, *recurrent.saved)
        return states, rates

    @staticmethod
    @once_differentiable
    def backward(
        ctx: FunctionCtx, by_state: Tensor | None, by_rate: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        x, w_in, rates, first, *rest = ctx.saved_tensors
        activation, alpha = ctx.activation, ctx.alpha
        # The gradient of the state becomes that of the current W φ(h) + u.
        delta = torch.zeros_like(rates) if by_state is None else by_state.clone()
        start = torch.zeros_like(first)
        steps, outer = (start, *delta.unbind(1)), (first, *rates.unbind(1))
        direct = [None] * len(outer) if by_rate is None else [None, *by_rate.unbind(1)]
        back = torch.empty_like(start)
        recurrent = recurrence(rest[: ctx.factors])
        recurrent.begin_back(delta, rest[ctx.factors :])
        for t in range(len(steps) - 1, 0, -1):
            if direct[t] is not None:
                steps[t].add_(activation.chain_(back.copy_(direct[t]), outer[t]))
            steps[t - 1].add_(steps[t], alpha=1 - alpha)
            steps[t].mul_(alpha)
            recurrent.add_back(t - 1, back, steps[t], keep=False)
            steps[t - 1].add_(activation.chain_(back, outer[t - 1]))
        by_recurrent = recurrent.gradients(delta, rates, first)
        return *input_gradients(ctx, delta, x, w_in), start, None, None, None, *by_recurrent
