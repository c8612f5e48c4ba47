"""Tests of boxes: no root, exactly one root, or a smaller box that holds all roots.

For boxes [c - ρ, c + ρ] and any matrix C, all roots of g lie in the Krawczyk
image c - C g(c) + (I - C G) [-ρ, ρ], where G are all slopes over the box. If the
image lies in the box's inside, the box holds exactly one root (Krawczyk 1969,
Computing 4:187; Neumaier 1990, Interval Methods, theorem 5.1.8); if it misses the
box there is none. C is the inverse of the middle of G, in floating point:
its own error is no matter, since C is whatever was computed.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.proof.reduced import Reduced
from rnnpipe.dynamics.proof.rounding import UNIT, gamma
from rnnpipe.dynamics.proof.slopes import over

# A box is tested with so much more on every side, of its radius and of the equation's reach, so
# that a root on its edge, or on the cut between two boxes, is well inside of what is tested.
WIDER = 0.1
MORE = 2.0**-33


@dataclass(frozen=True)
class Tested:
    """What tests say of boxes [low, high].

    Attributes
    ----------
    low, high
        (box, rank), what is left of each box: all its roots lie there.
    empty
        (box,), whether there is no root in the box.
    unique
        (box,), whether there is exactly one root in `wide`, the box a little wider.
    wide
        Lower and upper corner, (box, rank) each.
    weight
        (box, rank), how much of the uncertainty each side of the box accounts for.
    """

    low: Tensor
    high: Tensor
    empty: Tensor
    unique: Tensor
    wide: tuple[Tensor, Tensor]
    weight: Tensor


def krawczyk_test(equation: Reduced, low: Tensor, high: Tensor, wide: bool = True) -> Tested:
    """Test boxes, (box, rank) each, with a little more on every side if they are to be wide."""
    rank = equation.rank
    centre = 0.5 * (low + high)
    # A radius that reaches both ends whatever way the centre was rounded.
    half = torch.maximum(high - centre, centre - low) * (1 + 4 * UNIT)
    radius = half * (1 + WIDER) + MORE * equation.reach if wide else half
    found = over(equation, centre, radius)
    inverse = _inverse(found.slope)
    size, off = inverse.abs(), equation.of_values
    eye = torch.eye(rank, dtype=low.dtype)
    uncertain = found.width + equation.by_slopes
    left = (eye - inverse @ found.slope).abs() + gamma(rank + 4) * (eye + size @ found.slope.abs())
    step = _times(inverse, found.value)
    reach = _times(left + size @ uncertain, radius) + _times(size, off.expand_as(centre))
    reach = reach * (1 + gamma(2 * rank + 16)) + gamma(rank + 8) * (
        centre.abs() + _times(size, found.value.abs())
    )
    unique = (((step.abs() + reach) * (1 + 8 * UNIT)) < radius).all(1)
    # Without a matrix: the value at the centre, against all that slopes can add to it.
    steep = _times(found.slope.abs() + uncertain, radius) * (1 + gamma(rank + 8)) + off
    away = (found.value.abs() > steep).any(1)
    image = centre - step
    least = torch.maximum(low, torch.maximum(found.low, image - reach))
    most = torch.minimum(high, torch.minimum(found.high, image + reach))
    empty = away | (least > most).any(1)
    far = centre.new_tensor(torch.inf)
    # Corners of what was tested, rounded inwards.
    inner = torch.nextafter(centre - radius, far), torch.nextafter(centre + radius, -far)
    return Tested(
        low=least,
        high=most,
        empty=empty,
        unique=unique,
        wide=inner,
        weight=(found.width.sum(1) + UNIT) * half,
    )


def _times(matrices: Tensor, vectors: Tensor) -> Tensor:
    return (matrices @ vectors[..., None])[..., 0]


def _inverse(matrices: Tensor) -> Tensor:
    """Inverses, or the identity where there is none."""
    inverse, singular = torch.linalg.inv_ex(matrices)
    usable = (singular == 0) & torch.isfinite(inverse).all(2).all(1)
    eye = torch.eye(matrices.shape[1], dtype=matrices.dtype)
    return torch.where(usable[:, None, None], inverse, eye)
