"""The map of κ of a rate network of low rank, and for which states it is the network's own.

With W = m nᵀ / N under a held input, u = W_in x + b:

- `vanilla` and `leaky`, whose state r is the rate: κ = nᵀ r / N. Since W r = m κ,

      r' = (1 - α) r + α φ(m κ + u),    κ' = (1 - α) κ + α nᵀ φ(m κ + u) / N

  for *every* state r, whether or not it was ever visited, from the first update on. What becomes
  of κ depends on κ alone: states of one κ differ in what decays by 1 - α per update, and with
  it the basins of attraction in κ are those of the network.
- `ctrnn`, whose state h is the current: on the affine plane h = m κ + u, which
  the network never leaves while the input is held,

      h' = m κ' + u,    κ' = (1 - α) κ + α nᵀ φ(m κ + u) / N.

  Of any other state, h = m κ + u + e with mᵀ e = 0, the remainder e decays by exactly
  1 - α per update, and until then κ' differs by at most α L |nⱼ| |e| / N in
  direction j, L being the largest slope of φ.

Under inputs that change, the current splits as h = m κ + v (Dubreuil et al. 2022, Nat. Neurosci.
25:783): v follows the input alone, v' = (1 - α) v + α u, and κ follows the rates.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.plane.directions import Directions
from rnnpipe.dynamics.rate_equation import Nonlinearity, RateEquation


@dataclass(frozen=True)
class ReducedMap:
    """κ' = (1 - α) κ + α nᵀ φ(m κ + u) / N.

    Attributes
    ----------
    m, n
        (unit, rank), of `Directions`.
    drive
        u, (unit,), of the input that is held.
    phi
        φ.
    alpha
        α, the share of the state that an update replaces; 1 of a `vanilla` network.
    current
        Whether states are currents.
    """

    m: Tensor
    n: Tensor
    drive: Tensor
    phi: Nonlinearity
    alpha: float
    current: bool

    @classmethod
    def of(cls, found: Directions, rates: RateEquation, alpha: float) -> "ReducedMap":
        """The map of a network with these directions, at rest as `rates` says."""
        return cls(found.m, found.n, rates.drive, rates.phi, alpha, rates.current)

    @property
    def units(self) -> int:
        """Number of units, N."""
        return len(self.drive)

    def update(self, kappa: Tensor) -> Tensor:
        """κ after one update of the network, (batch, rank) -> (batch, rank)."""
        rates = self.phi.function(torch.addmm(self.drive, kappa, self.m.mT))
        driven = (rates @ self.n) / self.units
        return driven if self.alpha == 1 else torch.lerp(kappa, driven, self.alpha)

    def flow(self, kappa: Tensor) -> Tensor:
        """Change of κ per update, κ' - κ, (batch, rank)."""
        return self.update(kappa) - kappa

    def kappa(self, states: Tensor) -> Tensor:
        """κ of states under the held input, (batch, unit) -> (batch, rank).

        Of currents off the plane, κ of the nearest state on it.
        """
        if self.current:
            return ((states - self.drive) @ self.m) / self.units
        return (states @ self.n) / self.units

    def states(self, kappa: Tensor) -> Tensor:
        """One state of each κ, (batch, rank) -> (batch, unit).

        Of currents the one on the plane, of rates the shortest one.
        """
        if self.current:
            return torch.addmm(self.drive, kappa, self.m.mT)
        sizes = (self.n**2).sum(0) / self.units
        return (kappa / sizes) @ self.n.mT

    def beside(self, states: Tensor) -> Tensor:
        """What κ does not tell of states, as a root mean square over units, (batch,).

        Of currents the distance to the plane; 0 of rates, whose κ needs nothing else.
        """
        if not self.current:
            return states.new_zeros(len(states))
        return (states - self.states(self.kappa(states))).norm(dim=1) / self.units**0.5


def trial_kappa(reduced: ReducedMap, states: Tensor, drives: Tensor, initial: Tensor) -> Tensor:
    """κ along trials whose input changes, (trial, time, rank).

    Of rates it is nᵀ r / N. Of currents it is what is left of them beside the response v to the
    input alone: h = m κ + v at every time, exactly.

    Parameters
    ----------
    states
        States after each update, (trial, time, unit).
    drives
        W_in x + b of each update, (trial, time, unit).
    initial
        State before the first update, (unit,). Its part along m counts as κ.
    """
    if not reduced.current:
        return (states @ reduced.n) / reduced.units
    m = reduced.m
    v = (initial - m @ (m.mT @ initial) / reduced.units).expand(len(states), -1)
    found = []
    for time in range(states.shape[1]):
        v = torch.lerp(v, drives[:, time], reduced.alpha)
        found.append(((states[:, time] - v) @ m) / reduced.units)
    return torch.stack(found, dim=1)
