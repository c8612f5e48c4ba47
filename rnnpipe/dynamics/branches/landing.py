"""Points of a curve at given values: interpolated, then solved for like any fixed point."""

import torch
from torch import Tensor

from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.branches.segment import Segments, locate
from rnnpipe.dynamics.fixed_points.solver import Status, solve

# The solver may go this far from the interpolated place, relative to the segment.
STRAY = 0.1
HALVINGS = 50
# A landing's value may be this far off, in parts of the sweep, and is then set right.
EXACT = 1e-12


def landings(curve: Curve, segments: Segments, values: Tensor) -> tuple[Tensor, Tensor]:
    """Where segments pass the values of a sweep.

    Parameters
    ----------
    curve, segments
        The curve, and its pieces.
    values
        (value,), as coordinates of places.

    Returns
    -------
    segment
        (landing,), the number of the segment.
    places
        (landing, unit + 1), at exactly one of the values.
    """
    offsets = [ends[:, -1:] - values for ends in (segments.start, segments.end)]
    segment, number = (offsets[0] * offsets[1] < 0).nonzero().T
    crossed, target = segments.take(segment), values[number]
    guesses = _interpolated(crossed, target)
    guesses[:, -1] = target
    places, fine = _solved(curve, guesses)
    length = (crossed.end - crossed.start).norm(dim=1)
    fine &= (places - guesses).norm(dim=1) <= STRAY * length
    hard = (~fine).nonzero()[:, 0]
    found, _, converged = locate(
        curve, crossed.take(hard), lambda z, t, rows: z[:, -1] - target[hard][rows]
    )
    places[hard] = found
    fine[hard] = converged & ((found[:, -1] - target[hard]).abs() < EXACT)
    places[:, -1] = target
    return segment[fine], places[fine]


def _interpolated(segments: Segments, target: Tensor) -> Tensor:
    """Places on the cubics through the segments at which the value is the one wanted."""
    low, high = torch.zeros_like(target), torch.ones_like(target)
    rising = segments.end[:, -1] > segments.start[:, -1]
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        beyond = (segments.at(middle)[0][:, -1] > target) == rising
        low, high = torch.where(beyond, low, middle), torch.where(beyond, middle, high)
    return segments.at(0.5 * (low + high))[0]


def _solved(curve: Curve, guesses: Tensor) -> tuple[Tensor, Tensor]:
    if len(guesses) == 0:
        return guesses, torch.zeros(0, dtype=torch.bool)
    inputs = curve.inputs(curve.values(guesses))
    solution = solve(
        curve.driven,
        curve.states(guesses),
        inputs,
        tolerance=curve.tolerance,
        levenberg_iterations=0,
    )
    states = torch.from_numpy(solution.states)
    return (
        torch.cat([states / curve.scale, guesses[:, -1:]], dim=1),
        torch.from_numpy(solution.status == Status.FIXED),
    )
