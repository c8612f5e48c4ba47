"""Cells with a leak and no gates: of rates, of currents, and without memory of their own."""

import torch
from torch import Tensor

from rnnpipe.networks.cells.base import Cell, Weights, from_initial_state, with_ones
from rnnpipe.networks.cells.scan import ctrnn_scan, leaky_scan


def _scanned(x: Tensor, weights: Weights) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Inputs with a channel of ones, input weights with the bias, initial states, recurrence."""
    return (
        with_ones(x),
        torch.cat([weights.input, weights.bias[..., None]], dim=-1),
        from_initial_state(weights, x.shape[2]),
        weights.recurrent,
    )


class Leaky(Cell):
    """h' = (1 - α) h + α φ(W_rec h + W_in x + b); readout W_out h + b_out.

    Song, Yang & Wang 2016 (PLoS Comput. Biol. 12:e1004792), equation 5, with
    the state being the rate.
    """

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

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        return self._slope(h, u, weights)[..., None] * weights.input[:, None]

    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        states = leaky_scan(*_scanned(x, weights), noise, self.activation, self.alpha)
        return states, states

    def rates(self, h: Tensor) -> Tensor:
        return h

    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        if not self.activation.bounded:
            return None
        return torch.full_like(u, self.activation.lower), torch.full_like(u, self.activation.upper)


class Vanilla(Leaky):
    """h' = φ(W_rec h + W_in x + b); readout W_out h + b_out. `Leaky` at α = 1."""


class CTRNN(Cell):
    """h' = h + α (-h + W_rec φ(h) + W_in x + b); readout W_out φ(h) + b_out.

    Sussillo & Barak 2013 (Neural Comput. 25:626), equation 4.1, by Euler steps.
    """

    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        current = torch.baddbmm(u, self.activation.function(h), weights.recurrent.mT)
        return torch.lerp(h, current, self.alpha)

    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        slope = self.activation.slope(self.activation.function(h))
        jacobian = self.alpha * slope[..., None, :] * weights.recurrent[:, None]
        jacobian.diagonal(dim1=-2, dim2=-1).add_(1 - self.alpha)
        return jacobian

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        trials = h.shape[1]
        return (self.alpha * weights.input)[:, None].expand(-1, trials, -1, -1)

    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        return ctrnn_scan(*_scanned(x, weights), noise, self.activation, self.alpha)

    def rates(self, h: Tensor) -> Tensor:
        return self.activation.function(h)

    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        if not self.activation.bounded:
            return None
        ends = weights.recurrent * self.activation.lower, weights.recurrent * self.activation.upper
        low = torch.minimum(*ends).sum(-1)
        high = torch.maximum(*ends).sum(-1)
        return u + low, u + high
