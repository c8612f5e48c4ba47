"""Curves of fixed points in the space of state and swept value, and Newton's method on them.

Pseudo-arclength continuation (Keller 1977; Allgower & Georg 1990, chapters 4
and 6): with the value among the unknowns, a fold is a point like any other.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Driven

NEWTON_STEPS = 6
# Where q is so much smaller than the tolerance, another step of Newton's changes rounding alone.
ROUNDED = 1e-6


@dataclass(frozen=True)
class Curve:
    """The fixed points of a map under the inputs origin + value · direction.

    A place z = (h / scale, (value - low) / (high - low)) has no units, so that
    lengths along a curve and angles between tangents mean something. The
    curve is where G(z) = (F(h, x) - h) / scale vanishes.

    Attributes
    ----------
    driven
        The map of state and input.
    origin, direction
        (input,), float64.
    low, high
        Ends of the sweep.
    scale
        Spread of the states that the network visits.
    tolerance
        q = 1/2 |F(h, x) - h|^2 on the curve is below this.
    """

    driven: Driven
    origin: Tensor
    direction: Tensor
    low: float
    high: float
    scale: float
    tolerance: float = 1e-20

    @property
    def range(self) -> float:
        """Length of the sweep."""
        return self.high - self.low

    def places(self, states: Tensor, values: Tensor) -> Tensor:
        """Places (point, unit + 1) of states (point, unit) at values (point,)."""
        return torch.cat([states / self.scale, (values[:, None] - self.low) / self.range], dim=1)

    def states(self, places: Tensor) -> Tensor:
        """States (point, unit) at places."""
        return places[:, :-1] * self.scale

    def values(self, places: Tensor) -> Tensor:
        """Values (point,) at places, in units of the swept channel."""
        return self.low + places[:, -1] * self.range

    def inputs(self, values: Tensor) -> Tensor:
        """Inputs (point, input) at values (point,)."""
        return self.origin + values[:, None] * self.direction

    def jacobians(self, places: Tensor) -> Tensor:
        """Jacobians dF/dh at places, (point, unit, unit)."""
        return self.driven.jacobian(self.states(places), self.inputs(self.values(places)))

    def residuals(self, places: Tensor) -> Tensor:
        """Residuals G at places, (point, unit)."""
        states = self.states(places)
        return (self.driven.step(states, self.inputs(self.values(places))) - states) / self.scale

    def derivatives(self, places: Tensor) -> Tensor:
        """Derivatives dG/dz at places, (point, unit, unit + 1)."""
        states, inputs = self.states(places), self.inputs(self.values(places))
        by_state = self.driven.jacobian(states, inputs)
        by_state = by_state - torch.eye(self.driven.units, dtype=places.dtype)
        by_input = self.driven.input_jacobian(states, inputs) @ self.direction
        return torch.cat([by_state, by_input[..., None] * (self.range / self.scale)], dim=2)

    def first_tangents(self, places: Tensor) -> Tensor:
        """Unit tangents at places, towards larger values; (point, unit + 1)."""
        null = torch.linalg.svd(self.derivatives(places)).Vh[:, -1]
        return torch.where(null[:, -1:] < 0, -null, null)

    def tangents(self, places: Tensor, along: Tensor) -> Tensor:
        """Unit tangents at places, on the side of the directions `along`; (point, unit + 1)."""
        return self.oriented(places, along)[0]

    def oriented(self, places: Tensor, along: Tensor) -> tuple[Tensor, Tensor]:
        """Unit tangents at places, on the side of the directions `along`, and the orientation.

        Returns
        -------
        tangents
            (point, unit + 1).
        orientation
            (point,), sign of det [dG/dz; tangent]: along a curve it changes only where another
            one crosses.
        """
        factors, pivots = torch.linalg.lu_factor_ex(bordered(self.derivatives(places), along))[:2]
        last = torch.zeros_like(places)
        last[:, -1] = 1.0
        found = torch.linalg.lu_solve(factors, pivots, last[..., None])[..., 0]
        found = found / found.norm(dim=1, keepdim=True)
        # Where branches cross the matrix is singular, and any direction as good.
        found = torch.where(torch.isfinite(found).all(1, keepdim=True), found, along)
        swaps = (pivots != torch.arange(1, pivots.shape[1] + 1)).sum(1)
        signs = factors.diagonal(dim1=1, dim2=2).sign().prod(1)
        return found, torch.where(swaps % 2 == 1, -signs, signs)

    def correct(self, guesses: Tensor, normals: Tensor) -> tuple[Tensor, Tensor]:
        """Correct guesses to points of the curve, within the planes across the normals.

        Returns
        -------
        places
            (point, unit + 1).
        converged
            (point,), bool.
        """
        places = guesses
        best, before = guesses, torch.full((len(guesses),), torch.inf, dtype=guesses.dtype)
        for _ in range(NEWTON_STEPS):
            residuals = self.residuals(places)
            q = 0.5 * (self.scale * residuals).square().sum(1)
            better = q < before
            best = torch.where(better[:, None], places, best)
            before = torch.where(better, q, before)
            if not bool((better & (q > ROUNDED * self.tolerance)).any()):
                break
            across = ((places - guesses) * normals).sum(1, keepdim=True)
            rows = bordered(self.derivatives(places), normals)
            steps = torch.linalg.solve_ex(rows, -torch.cat([residuals, across], dim=1))[0]
            places = places + torch.where(torch.isfinite(steps).all(1, keepdim=True), steps, 0.0)
        return best, before < self.tolerance


def bordered(rows: Tensor, last: Tensor) -> Tensor:
    """Matrices (point, n, n) of rows (point, n - 1, n) and a last row (point, n)."""
    return torch.cat([rows, last[:, None]], dim=1)
