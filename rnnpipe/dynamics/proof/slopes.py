"""What a reduced equation does over boxes: values, slopes and ranges, each with its margin."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.proof.reduced import Reduced
from rnnpipe.dynamics.proof.rounding import OF_SLOPE, UNIT
from rnnpipe.dynamics.rate_equation import Nonlinearity


@dataclass(frozen=True)
class Over:
    """An equation over boxes of centre c and radius ρ.

    Attributes
    ----------
    value
        g(c), (box, rank), within `Reduced.of_values`.
    slope, width
        Centre and half width of I - nᵀ D m over all slopes D that the box allows,
        (box, rank, rank), within `Reduced.by_slopes` each.
    low, high
        Ends of the range of nᵀ φ over the box, (box, rank); margins are in them.
    """

    value: Tensor
    slope: Tensor
    width: Tensor
    low: Tensor
    high: Tensor


def over(equation: Reduced, centre: Tensor, radius: Tensor) -> Over:
    """Evaluate an equation over boxes [c - ρ, c + ρ], (box, rank) each.

    φ rises, so its values at both ends of a current bound it; its slope rises up to
    `steepest` and falls beyond, so its slopes at both ends bound it from below.
    """
    phi, rank = equation.phi, equation.rank
    middle = equation.currents(centre)
    reach = torch.addmm(equation.of_currents, radius, equation.m.abs().mT)
    low, high = middle - reach, middle + reach
    inside = (low <= phi.steepest) & (high >= phi.steepest)
    least, most = phi.function(low), phi.function(high)
    flat, steep = slope_bounds(phi, least, most, inside, equation.steepest_slope)
    products = equation.products
    slope = torch.eye(rank, dtype=centre.dtype).flatten() - (0.5 * (flat + steep)) @ products
    width = (0.5 * (steep - flat) + UNIT) @ products.abs()
    up, down = equation.n.clamp(min=0), equation.n.clamp(max=0)
    return Over(
        value=centre - phi.function(middle) @ equation.n,
        slope=slope.unflatten(1, (rank, rank)),
        width=width.unflatten(1, (rank, rank)),
        low=least @ up + most @ down - equation.of_values,
        high=most @ up + least @ down + equation.of_values,
    )


def slope_bounds(
    phi: Nonlinearity, least: Tensor, most: Tensor, inside: Tensor, steepest: float
) -> tuple[Tensor, Tensor]:
    """Lowest and highest slope of φ between values y = φ(z) at both ends of ranges of z.

    ``inside`` says of which ranges hold the place where φ is steepest.
    """
    one, other = phi.slope(least), phi.slope(most)
    highest = torch.maximum(one, other).masked_fill_(inside, steepest)
    flat = (torch.minimum(one, other) - OF_SLOPE).clamp_(min=0.0)
    return flat, (highest + OF_SLOPE).clamp_(max=steepest)
