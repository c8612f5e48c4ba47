"""From a rate equation to its reduced one, and the box in which all of its roots lie."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.proof.factors import factorize
from rnnpipe.dynamics.proof.infinity import farthest
from rnnpipe.dynamics.proof.krawczyk import WIDER
from rnnpipe.dynamics.proof.reduced import Reduced, scaled, steepest_slope
from rnnpipe.dynamics.proof.rounding import TINY, gamma
from rnnpipe.dynamics.rate_equation import RateEquation

# The box reaches beyond what is needed by these shares of its sides, below and above. They
# differ, so that no cut of the box falls on 0 or on another root that symmetry puts there.
BELOW, ABOVE = 0.0213, 0.0341


@dataclass(frozen=True)
class Start:
    """A reduced equation, and the box [low, high], (rank,), of all its roots."""

    equation: Reduced
    low: Tensor
    high: Tensor


def reduce(rates: RateEquation, most_rank: int) -> Start | str:
    """The reduced equation of a network and its box, or why there is none.

    Parameters
    ----------
    rates
        The network at rest.
    most_rank
        Highest numerical rank of its recurrent weights.

    Returns
    -------
    Start or str
        A phrase for reports where there is nothing to prove from.
    """
    if not bool(torch.isfinite(rates.recurrent).all() & torch.isfinite(rates.drive).all()):
        return "its weights or its input are not finite"
    found = factorize(rates.recurrent, most_rank, rates.factors)
    if found is None:
        return f"its rank is above {most_rank}"
    m, n = scaled(found)
    phi, drive = rates.phi, rates.drive
    residual, steep = float(found.residual.max()), steepest_slope(phi)
    if steep * residual >= 1:
        return "what its rank leaves out is too large"
    if phi.upper < torch.inf:
        ends = torch.stack([n * phi.lower, n * phi.upper])
        low, high, largest = ends.amin(0).sum(0), ends.amax(0).sum(0), max(-phi.lower, phi.upper)
    else:
        at_zero = float(phi.function(drive.new_zeros(1)))
        if (bounds := farthest(m, n, drive, at_zero, residual)) is None:
            return f"no bound on its states is known: {NO_BOUND}"
        reach, largest = bounds
        low, high = drive.new_full((m.shape[1],), -reach), drive.new_full((m.shape[1],), reach)
    rounding = gamma(4 * rates.units + 16) * (n.abs().sum(0) * largest) + TINY
    sides = high - low + 2 * rounding
    low, high = low - rounding - BELOW * sides, high + rounding + ABOVE * sides
    reach = torch.maximum(low.abs(), high.abs()) + WIDER * sides
    unknown = found.residual * largest * (1 + gamma(8))
    return Start(Reduced(m, n, drive, phi, reach, unknown, residual), low, high)


NO_BOUND = "its activation is unbounded, and so may its fixed points be"
