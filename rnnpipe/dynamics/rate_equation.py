"""What the fixed points of a rate network obey: r = φ(W r + u), in rates or in currents alike."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor


class Nonlinearity(Protocol):
    """A function φ that rises nowhere faster than 1, and whose slope rises, then falls.

    Attributes
    ----------
    lower, upper
        Range of φ; an infinite `upper` is that of a convex φ of slopes 0 and 1 at its ends.
    steepest
        Where the slope is largest; infinite for a convex φ.
    """

    lower: float
    upper: float
    steepest: float

    def function(self, z: Tensor, /) -> Tensor:
        """φ(z)."""

    def slope(self, y: Tensor, /) -> Tensor:
        """φ'(z), given y = φ(z)."""


@dataclass(frozen=True)
class RateEquation:
    """The equation r = φ(W r + u) that the rates r of every fixed point solve.

    A network of rates, h' = (1 - α) h + α φ(W h + u), rests at h = r; a network of
    currents, h' = h + α (-h + W φ(h) + u), at h = W r + u.

    Attributes
    ----------
    recurrent
        W, (unit, unit), float64.
    drive
        u, (unit,): the held input and the bias.
    phi
        φ.
    current
        Whether states are currents.
    factors
        m and n, (unit, rank) each, if W is known to be m nᵀ up to rounding.
    """

    recurrent: Tensor
    drive: Tensor
    phi: Nonlinearity
    current: bool
    factors: tuple[Tensor, Tensor] | None = None

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.drive)

    def rates(self, states: Tensor) -> Tensor:
        """Rates of states, (batch, unit) each."""
        return self.phi.function(states) if self.current else states

    def states(self, currents: Tensor) -> Tensor:
        """States whose currents W r + u are these, (batch, unit) each."""
        return currents if self.current else self.phi.function(currents)

    def on_cpu(self) -> "RateEquation":
        """The same equation with its tensors in the memory of the processor."""
        cpu = torch.device("cpu")
        m_n = None if self.factors is None else tuple(part.to(cpu) for part in self.factors)
        return RateEquation(self.recurrent.to(cpu), self.drive.to(cpu), self.phi, self.current, m_n)
