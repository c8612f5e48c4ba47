"""Segments between neighbouring points of a curve: interpolation, and points located on them."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.fixed_points.solver import Status, solve

BISECTIONS = 60
# The solver may go this far from the interpolated place, relative to the segment.
SOLVED_WITHIN = 0.1
HALVINGS = 50
# A function vanishes where it is no larger.
ZERO = 1e-14
# A landing's value may be this far off, in parts of the sweep, and is then set right.
EXACT = 1e-12


@dataclass(frozen=True)
class Segments:
    """Pieces of curves, each given by its ends and the unit tangents there.

    Attributes
    ----------
    start, end, leaving, arriving
        (segment, unit + 1).
    """

    start: Tensor
    end: Tensor
    leaving: Tensor
    arriving: Tensor

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: Tensor) -> "Segments":
        """Some of the segments."""
        return Segments(self.start[rows], self.end[rows], self.leaving[rows], self.arriving[rows])

    def at(self, share: Tensor) -> tuple[Tensor, Tensor]:
        """The cubic through both ends and along both tangents, and its unit direction.

        `share` (segment,) runs from 0 at the start to 1 at the end.
        """
        u = share[:, None]
        length = (self.end - self.start).norm(dim=1, keepdim=True)
        gap = self.end - self.start
        leaving, arriving = length * self.leaving, length * self.arriving
        quadratic, cubic = 3 * gap - 2 * leaving - arriving, leaving + arriving - 2 * gap
        place = self.start + u * (leaving + u * (quadratic + u * cubic))
        slope = leaving + u * (2 * quadratic + u * 3 * cubic)
        return place, slope / slope.norm(dim=1, keepdim=True)


Test = Callable[[Tensor, Tensor, Tensor], Tensor]


def locate(
    curve: Curve, segments: Segments, test: Test, zero: float = ZERO
) -> tuple[Tensor, Tensor, Tensor]:
    """Locate the points of the curve, between the ends of segments, at which a function vanishes.

    By false position with the Illinois rule, and bisection every third step.

    Parameters
    ----------
    curve, segments
        The curve, and its pieces.
    test
        Of places, tangents (segment, unit + 1) and the segments' numbers (segment,), one
        value each, of opposite sign at the ends of a segment.
    zero
        The function vanishes where its modulus is no larger.

    Returns
    -------
    places, tangents
        (segment, unit + 1).
    converged
        (segment,), bool: the place lies on the curve, and no further off than the segment is
        long. At corners of the curve Newton's method may go astray.
    """
    everyone = torch.arange(len(segments))
    low = torch.zeros(len(segments), dtype=torch.float64)
    high = torch.ones_like(low)
    below = test(segments.start, segments.leaving, everyone)
    above = test(segments.end, segments.arriving, everyone)
    places, tangents = segments.start.clone(), segments.leaving.clone()
    fine = torch.ones(len(segments), dtype=torch.bool)
    rows = everyone
    for step in range(BISECTIONS):
        if len(rows) == 0:
            break
        weight = below[rows] / (below[rows] - above[rows])
        share = 0.5 if step % 3 == 2 else torch.nan_to_num(weight, nan=0.5).clamp(0.0, 1.0)
        middle = low[rows] + (high[rows] - low[rows]) * share
        guesses, along = segments.take(rows).at(middle)
        places[rows], fine[rows] = curve.correct(guesses, along)
        tangents[rows] = curve.tangents(places[rows], along)
        here = test(places[rows], tangents[rows], rows)
        upper = torch.sign(here) == torch.sign(above[rows])
        # The end that stays counts half, or it would stay for ever.
        below[rows] = torch.where(upper, below[rows] / 2, here)
        above[rows] = torch.where(upper, here, above[rows] / 2)
        low[rows] = torch.where(upper, low[rows], middle)
        high[rows] = torch.where(upper, middle, high[rows])
        rows = rows[(here.abs() > zero) & (high[rows] - low[rows] > 1e-13)]
    length = (segments.end - segments.start).norm(dim=1)
    return places, tangents, fine & ((places - segments.start).norm(dim=1) <= 2 * length)


def points_at(curve: Curve, segments: Segments, values: Tensor) -> tuple[Tensor, Tensor]:
    """Solve for the points of the curve at which segments pass the values of a sweep.

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
    fine &= (places - guesses).norm(dim=1) <= SOLVED_WITHIN * length
    hard = (~fine).nonzero()[:, 0]
    found, _, converged = locate(
        curve, crossed.take(hard), lambda z, t, rows: z[:, -1] - target[hard][rows]
    )
    places[hard] = found
    fine[hard] = converged & ((found[:, -1] - target[hard]).abs() < EXACT)
    places[:, -1] = target
    return segment[fine], places[fine]


def _interpolated(segments: Segments, target: Tensor) -> Tensor:
    """Places on the cubics through the segments that have the target value."""
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
