"""The slowest mode of many Jacobians at once, without their full eigenvalues.

The eigenvalue of J nearest 1 is that of J - I nearest 0: inverse iteration on
a small subspace finds it in a few solves, where all eigenvalues would cost
some fifty times as much. Saad 2011 (Numerical Methods for Large Eigenvalue
Problems, 2nd ed.), section 5.2.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

# The nearest mode, the next one, and one to speed up the convergence of both.
SUBSPACE = 3
# Keeps J - I invertible on an exact continuum, where an eigenvalue is 1.
SHIFT = 1e-10


@dataclass(frozen=True)
class SlowModes:
    """The mode nearest marginal (lambda = 1) at each of a batch of states.

    Attributes
    ----------
    rate
        (batch,), lambda - 1 of the eigenvalue nearest 1; NaN where it is not real.
    next_rate, third_rate
        (batch,), |lambda - 1| of the next one and of the third, infinite where there is none.
    right, left
        (batch, unit): J r = lambda r of unit norm, and l with l . r = 1.
    right_space, left_space
        (batch, unit, subspace), to start the next computation nearby.
    factors
        LU factors and pivots of J - I.
    """

    rate: Tensor
    next_rate: Tensor
    third_rate: Tensor
    right: Tensor
    left: Tensor
    right_space: Tensor
    left_space: Tensor
    factors: tuple[Tensor, Tensor]

    @property
    def separation(self) -> Tensor:
        """|lambda - 1| of the slow mode over that of the next, (batch,); 1 is no separation."""
        return torch.nan_to_num(self.rate.abs() / self.next_rate, nan=1.0)

    def fast_step(self, residuals: Tensor, along: int = 1) -> Tensor:
        """Step d with (J - I) d = -(I - P) r; (batch, unit).

        P is the projection on the slow mode, or on the `along` slowest ones.
        """
        fast = residuals - self._slow(residuals, along)
        step = -torch.linalg.lu_solve(*self.factors, fast[..., None])[..., 0]
        return step - self._slow(step, along)

    def take(self, rows: Tensor) -> "SlowModes":
        """The modes at some of the states."""
        lu, pivots = self.factors
        kept = (getattr(self, name)[rows] for name in _ARRAYS)
        return SlowModes(*kept, (lu[rows], pivots[rows]))

    def _slow(self, vectors: Tensor, along: int) -> Tensor:
        if along == 1:
            return self.right * (self.left * vectors).sum(1, keepdim=True)
        # The leading columns span the slowest modes: the iteration is an orthogonal one.
        right, left = self.right_space[..., :along], self.left_space[..., :along]
        inside, _ = torch.linalg.solve_ex(left.mT @ right, left.mT @ vectors[..., None])
        return (right @ inside)[..., 0]


_ARRAYS = ("rate", "next_rate", "third_rate", "right", "left", "right_space", "left_space")


def slow_modes(
    jacobians: Tensor, right_space: Tensor, left_space: Tensor, iterations: int
) -> SlowModes:
    """Compute the slow mode of each Jacobian.

    Parameters
    ----------
    jacobians
        (batch, unit, unit).
    right_space, left_space
        (batch, unit, subspace), full column rank: where the iteration starts.
    iterations
        Inverse iterations; 2 do from the space of a nearby state, 6 from anywhere.
    """
    matrices = jacobians.clone()
    matrices.diagonal(dim1=1, dim2=2).sub_(1 + SHIFT)
    lu, pivots, _ = torch.linalg.lu_factor_ex(matrices)
    for _ in range(iterations):
        right_space = _orthonormal(torch.linalg.lu_solve(lu, pivots, right_space))
        left_space = _orthonormal(torch.linalg.lu_solve(lu, pivots, left_space, adjoint=True))
    applied = torch.linalg.lu_solve(lu, pivots, right_space)
    rate, beyond, right = _nearest(right_space, applied)
    mirrored = torch.linalg.lu_solve(lu, pivots, left_space, adjoint=True)
    _, _, left = _nearest(left_space, mirrored)
    left = left / (left * right).sum(1, keepdim=True)
    spaces = (right_space, left_space)
    return SlowModes(rate, beyond[:, 0], beyond[:, 1], right, left, *spaces, (lu, pivots))


def random_spaces(batch: int, draws: Tensor) -> tuple[Tensor, Tensor]:
    """Spaces to start from, the same for all states, made of draws (2, unit, subspace)."""
    right, left = _orthonormal(draws)
    return right.expand(batch, -1, -1), left.expand(batch, -1, -1)


def _orthonormal(space: Tensor) -> Tensor:
    return torch.linalg.qr(torch.nan_to_num(space))[0]


def _nearest(space: Tensor, applied: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Rates of the nearest mode, of the two beyond, its vector; from A^-1 on the space."""
    values, vectors = torch.linalg.eig(torch.nan_to_num(space.mT @ applied))
    order = values.abs().argsort(dim=1, descending=True)
    values = torch.gather(values, 1, order)
    real = values[:, 0].imag.abs() <= 1e-9 * values[:, 0].abs()
    rate = torch.where(real, SHIFT + 1 / values[:, 0].real, torch.nan)
    beyond = torch.full((len(values), 2), torch.inf, dtype=rate.dtype)
    others = 1 / values[:, 1:3].abs()
    beyond[:, : others.shape[1]] = others
    nearest = torch.take_along_dim(vectors, order[:, None, :1], dim=2)[..., 0].real
    vector = (space @ nearest[..., None])[..., 0]
    return rate, beyond, vector / vector.norm(dim=1, keepdim=True)
