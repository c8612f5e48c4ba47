"""How far out roots may lie where φ is unbounded: behaviour at infinity, proved on a cube.

A convex φ of slopes 0 and 1 lies between max(z, 0) and max(z, 0) + φ(0). So for
|κ|∞ = t, g(κ) is t times the value of d - nᵀ max(m d, 0) at d = κ / t on the surface
of the unit cube, up to max_j Σᵢ |nᵢⱼ| (|uᵢ| + φ(0) + |δᵢ|). Where the former is
at least η everywhere on the surface, roots lie within t η ≤ the latter. δ = R r
grows with t in turn: with M = max_i Σ_k |mᵢₖ|, rates are at most
H = (M t + max |u| + φ(0)) / (1 - ‖R‖∞), and |δ| at most ‖R‖∞ H.
"""

import torch
from torch import Tensor

from rnnpipe.dynamics.proof.reduced import Reduced
from rnnpipe.dynamics.proof.rounding import gamma
from rnnpipe.dynamics.proof.slopes import over

# Most parts of the cube's surface that are looked at.
MOST = 20_000
# A part is done with once the value is known to be at least this share of that in its middle.
ENOUGH = 0.25


class Rectified:
    """max(z, 0)."""

    lower, upper, steepest = 0.0, float("inf"), float("inf")

    @staticmethod
    def function(z: Tensor, /) -> Tensor:
        """max(z, 0)."""
        return z.clamp(min=0.0)

    @staticmethod
    def slope(y: Tensor, /) -> Tensor:
        """Its slope, from its value."""
        return (y > 0).to(y.dtype)


def farthest(
    m: Tensor, n: Tensor, drive: Tensor, at_zero: float, residual: float
) -> tuple[float, float] | None:
    """Bounds on |κ|∞ and on the rates of all roots, or None where none can be shown.

    Parameters
    ----------
    m, n
        (unit, rank).
    drive
        (unit,).
    at_zero
        φ(0).
    residual
        ‖R‖∞.
    """
    if residual >= 1 or (slowest := _least(m, n)) is None:
        return None
    units = len(m)
    safe = 1 + gamma(8 * units + 64)
    sizes, steep = n.abs().mT, float(m.abs().sum(1).max()) * safe
    start = float(drive.abs().max()) + at_zero
    beyond = residual / (1 - residual) * safe
    constant = float((sizes @ (drive.abs() + at_zero + beyond * start)).max()) * safe
    growing = float(sizes.sum(1).max()) * beyond * steep * safe
    if growing >= slowest:
        return None
    reach = constant / (slowest - growing) * safe
    return reach, (steep * reach + start) / (1 - residual) * safe


def _least(m: Tensor, n: Tensor) -> float | None:
    """A lower bound of max_j |dⱼ - Σᵢ nᵢⱼ max(mᵢ d, 0)| over all d with |d|∞ = 1."""
    units, rank = m.shape
    zero, one = torch.zeros(units, dtype=m.dtype), torch.ones(rank, dtype=m.dtype)
    limit = Reduced(m, n, zero, Rectified(), 2 * one, zero, 0.0)
    eye = torch.eye(rank, dtype=m.dtype)
    centre, radius = torch.cat([eye, -eye]), (1 - eye).repeat(2, 1)
    least, looked = torch.inf, 0
    while len(centre):
        looked += len(centre)
        if looked > MOST:
            return None
        found = over(limit, centre, radius)
        steep = ((found.slope.abs() + found.width + limit.by_slopes) @ radius[..., None])[..., 0]
        value = found.value.abs() - limit.of_values
        bound = (value - steep * (1 + gamma(rank + 8))).amax(1)
        done = bound > ENOUGH * value.amax(1)
        least = min(least, float(bound[done].min())) if bool(done.any()) else least
        centre, radius = _halved(centre[~done], radius[~done])
    return least * (1 - gamma(8)) if least > 0 else None


def _halved(centre: Tensor, radius: Tensor) -> tuple[Tensor, Tensor]:
    """Both halves of boxes, cut across their longest side; these cuts are exact."""
    rows, side = torch.arange(len(centre)), radius.argmax(1)
    radius = radius.clone()
    radius[rows, side] *= 0.5
    shift = torch.zeros_like(radius)
    shift[rows, side] = radius[rows, side]
    return torch.cat([centre - shift, centre + shift]), radius.repeat(2, 1)
