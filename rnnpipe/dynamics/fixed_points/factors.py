"""What the LU factors of A = I - J say of a fixed point, without an eigenvalue."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.batch import at_once
from rnnpipe.dynamics.maps import Dynamics

# Rounds of inverse iteration. Near degeneracy the smallest singular value
# stands apart from the next, and one or two suffice.
ROUNDS = 6


@dataclass(frozen=True)
class Local:
    """What is known of states at which the map rests.

    Attributes
    ----------
    index
        (point,), sign det(I - J): -1, 0 (exactly degenerate) or 1.
    smallest
        (point,), smallest singular value of I - J, estimated from above.
    step
        (point,), length of the Newton step from there, which tells how exactly
        the state is located; inf where there is none.
    """

    index: np.ndarray
    smallest: np.ndarray
    step: np.ndarray


def examine(dynamics: Dynamics, points: np.ndarray) -> Local:
    """Factor I - J at points (point, unit) and read off what the factors say."""
    parts = [
        _examine(dynamics, chunk)
        for chunk in dynamics.placed(points).split(at_once(dynamics.units))
        if len(chunk)
    ]
    if not parts:
        return Local(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    index, smallest, step = (torch.cat(part).cpu().numpy() for part in zip(*parts, strict=True))
    return Local(index.astype(np.int64), smallest, step)


def _examine(dynamics: Dynamics, points: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    matrices = -dynamics.jacobian(points)
    matrices.diagonal(dim1=1, dim2=2).add_(1)
    factors, pivots, _ = torch.linalg.lu_factor_ex(matrices)
    residuals = dynamics.step(points) - points
    steps = torch.linalg.lu_solve(factors, pivots, residuals[..., None])[..., 0].norm(dim=1)
    return (
        _index(factors, pivots),
        _smallest_singular_value(factors, pivots),
        torch.where(torch.isfinite(steps), steps, torch.inf),
    )


def _index(factors: Tensor, pivots: Tensor) -> Tensor:
    """Sign of the determinant: of the factor's diagonal and of the exchanges of rows."""
    rows = torch.arange(1, pivots.shape[1] + 1, device=pivots.device)
    exchanges = (pivots != rows).sum(1)
    return factors.diagonal(dim1=1, dim2=2).sign().prod(1) * (1 - 2 * (exchanges % 2))


def _smallest_singular_value(factors: Tensor, pivots: Tensor) -> Tensor:
    """Inverse iteration on A^T A with the factors of A."""
    units = factors.shape[1]
    begin = torch.from_numpy(np.random.default_rng(0).standard_normal((units, 1)))
    vectors = (begin / begin.norm()).to(factors).expand(len(factors), -1, -1)
    smallest = factors.new_zeros(len(factors))
    for _ in range(ROUNDS):
        vectors = torch.linalg.lu_solve(factors, pivots, vectors, adjoint=True)
        vectors = torch.linalg.lu_solve(factors, pivots, vectors)
        norms = vectors.norm(dim=(1, 2))
        smallest = norms.rsqrt()
        vectors = vectors / norms[:, None, None]
    # A singular matrix leaves infinities.
    return torch.where(torch.isfinite(smallest), smallest, 0.0)
