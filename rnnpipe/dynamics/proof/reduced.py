"""The equation of a network of low rank in its few variables κ, with margins for rounding.

With W = m nᵀ + R, the rates r = φ(W r + u) of a fixed point are φ(m κ + u + δ) with

    κ = nᵀ r,    g(κ) = κ - nᵀ φ(m κ + u + δ) = 0,    δ = R r.

Rates are at most H in size, so |δᵢ| ≤ ρᵢ = H Σⱼ |Rᵢⱼ|: whatever is shown for all
δ within ρ holds for the network. Conversely, a box of κ in which g has one
root for every δ within ρ holds one fixed point. One exists, since
r -> φ(m κ(R r) + u + R r) maps the rates' range into itself (Brouwer). Two have
rates whose difference d is D (m Δκ + R d) with slopes D, 0 ≤ D ≤ L, so that

    0 = (I - nᵀ (I - D R)⁻¹ D m) Δκ,

and the matrix differs from that of the slopes alone, I - nᵀ D m, by at most

    ‖nⱼ‖₁ L² ‖R‖∞ ‖mₖ‖∞ / (1 - L ‖R‖∞)

in entry (j, k). This is part of the margin of slopes, `by_slopes`.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from rnnpipe.dynamics.proof.factors import Factors
from rnnpipe.dynamics.proof.rounding import OF_PHI, TINY, UNIT, gamma
from rnnpipe.dynamics.rate_equation import Nonlinearity


@dataclass(frozen=True)
class Reduced:
    """g(κ) = κ - nᵀ φ(m κ + u + δ), and how far what is computed of it may be off.

    Attributes
    ----------
    m, n
        (unit, rank).
    drive
        u, (unit,).
    phi
        φ.
    reach
        (rank,), how large |κ| may be wherever the equation is evaluated.
    unknown
        ρ, (unit,), how large |δ| may be.
    residual
        ‖R‖∞.
    """

    m: Tensor
    n: Tensor
    drive: Tensor
    phi: Nonlinearity
    reach: Tensor
    unknown: Tensor
    residual: float

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.drive)

    @property
    def rank(self) -> int:
        """Number of variables."""
        return self.m.shape[1]

    @cached_property
    def products(self) -> Tensor:
        """nᵢⱼ mᵢₖ, (unit, rank · rank), whose sums over units weighted by slopes are nᵀ D m."""
        return (self.n[:, :, None] * self.m[:, None]).flatten(1)

    @cached_property
    def steepest_slope(self) -> float:
        """L, the largest slope of φ."""
        return steepest_slope(self.phi)

    @cached_property
    def size(self) -> Tensor:
        """|m| |κ| + |u| at the most, (unit,)."""
        return self.m.abs() @ self.reach + self.drive.abs()

    @cached_property
    def of_currents(self) -> Tensor:
        """Margin (unit,) of both ends of the currents m κ + u + δ over a box.

        The current at the centre is a sum of r + 1 terms, its range a sum of r, and each end
        a sum of these two: less than γ(2r + 8) of the size, and 8 terms for the bounds.
        """
        return gamma(2 * self.rank + 16) * self.size + self.unknown + TINY

    @cached_property
    def rate_size(self) -> Tensor:
        """max |φ| at the most, (unit,)."""
        far = self.size + self.of_currents
        ends = self.phi.function(far).abs(), self.phi.function(-far).abs()
        return torch.maximum(*ends) * (1 + 2 * OF_PHI)

    @cached_property
    def of_values(self) -> Tensor:
        """Margin (rank,) of g, and of either end of nᵀ φ over a box.

        φ at a current that is off by `of_currents` is off by L times as much and by its own
        error; a sum of N products (2 N for an end) and κ itself follow.
        """
        each = self.steepest_slope * self.of_currents + OF_PHI * self.rate_size + TINY
        sizes = self.n.abs().mT @ self.rate_size + self.reach
        return self.n.abs().mT @ each * (1 + gamma(self.units + 4)) + sizes * gamma(
            2 * self.units + 8
        )

    @cached_property
    def by_slopes(self) -> Tensor:
        """Margin (rank, rank) of I - nᵀ D m, and of half its width; with what R adds."""
        L, R = self.steepest_slope, self.residual
        sums = self.n.abs().mT @ self.m.abs()
        rounding = gamma(2 * self.units + 16) * (1 + sums)
        left_out = L**2 * R / (1 - L * R)
        spread = self.n.abs().sum(0)[:, None] * self.m.abs().amax(0)
        return rounding + left_out * spread * (1 + gamma(self.units + 8)) + 2 * UNIT

    def currents(self, kappa: Tensor) -> Tensor:
        """Currents m κ + u of κ (batch, rank), (batch, unit)."""
        return torch.addmm(self.drive, kappa, self.m.mT)


def steepest_slope(phi: Nonlinearity) -> float:
    """Largest slope of φ."""
    at = torch.tensor(phi.steepest, dtype=torch.float64)
    return float(phi.slope(phi.function(at)))


def scaled(factors: Factors) -> tuple[Tensor, Tensor]:
    """The factors m and n with κ in units in which Σ |n| is about 1.

    The units are powers of 2, so that no digit changes.
    """
    size = factors.n.abs().sum(0)
    exponents = torch.where(size > 0, size.log2().round(), 0.0)
    return factors.m * 2.0**exponents, factors.n * 2.0**-exponents
