"""The update equations of the cells: one step, its Jacobians, its invariant box.

Shapes: states (network, trial, unit), inputs (network, trial, input), weights
stacked along the leading network axis, `W[post, pre]`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.activations import ACTIVATIONS, Activation
from rnnpipe.scan import ctrnn_scan, leaky_scan


@dataclass(frozen=True)
class Weights:
    """Effective weights of stacked networks, as the cells use them.

    Attributes
    ----------
    input
        (network, unit, input).
    recurrent
        (network, unit, unit).
    bias
        (network, unit).
    output
        (network, output, unit).
    output_bias
        (network, output).
    initial_state
        (network, unit).
    """

    input: Tensor
    recurrent: Tensor
    bias: Tensor
    output: Tensor
    output_bias: Tensor
    initial_state: Tensor


def drive(x: Tensor, weights: Weights) -> Tensor:
    """W_in x + b: (network, row, input) -> (network, row, unit)."""
    return torch.baddbmm(weights.bias[:, None], x, weights.input.mT)


def _scanned(x: Tensor, weights: Weights) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Inputs with a channel of ones, input weights with the bias, initial states, recurrence."""
    return (
        torch.cat([x, x.new_ones(*x.shape[:3], 1)], dim=-1),
        torch.cat([weights.input, weights.bias[..., None]], dim=-1),
        weights.initial_state[:, None].expand(-1, x.shape[2], -1),
        weights.recurrent,
    )


class Cell(ABC):
    """A cell kind with its activation φ and its step size α = dt/τ."""

    def __init__(self, activation: str, alpha: float) -> None:
        self.activation: Activation = ACTIVATIONS[activation]
        self.alpha = alpha

    @abstractmethod
    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        """One update of states h under the drive u = W_in x + b; (network, trial, unit)."""

    @abstractmethod
    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        """dh'_i/dh_j in closed form, (network, trial, unit, unit)."""

    @abstractmethod
    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        """dh'_i/dx_j in closed form, (network, trial, unit, input)."""

    @abstractmethod
    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """All states and rates on inputs x, by a differentiable scan over time.

        Parameters
        ----------
        x
            (network, time, trial, input).
        weights
            Weights; their initial state is where every trial starts.
        noise
            (network, time, trial, unit), added to the drive.

        Returns
        -------
        tuple
            States after each update, and the rates that the readout sees of
            them; (network, time, trial, unit).
        """

    @abstractmethod
    def rates(self, h: Tensor) -> Tensor:
        """What the readout sees of the state."""

    @abstractmethod
    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        """Corners of a box that the cell maps into itself under a held drive u (network, unit)."""


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


CELLS: Mapping[str, type[Cell]] = {"vanilla": Vanilla, "ctrnn": CTRNN, "leaky": Leaky}
