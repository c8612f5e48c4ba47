"""Curves of fixed points, traced from known points both ways until they meet other known points."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import torch
from torch import Tensor

from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.branches.segment import Segments

FIRST_STEP = 0.1
SHORTEST_STEP = 1e-6
# Where steps have come down to this, a bend is a corner, as activations such as relu have them,
# and the curve goes on round it.
CORNER = 1e-5
# Cosine of the largest angle between neighbouring tangents, and of one at which steps may grow.
STRAIGHT, STRAIGHTER = 0.95, 0.99
# How far the trapezoidal rule may miss the step in value, relative to that step, and absolutely
# in parts of the sweep: below, the curve is flat, and its value means nothing.
BEND, FLAT = 0.15, 1e-10
# Largest distance of a corrected point from the predicted one, relative to the step.
CORRECTION, CORRECTION_AT_CORNER = 0.3, 30.0
# A known point is met if the curve passes it at this distance, relative to the step.
MEETING = 0.1
PIECES = 16


class Side(NamedTuple):
    """One of the two sides of a known point, towards larger values or down to smaller ones."""

    point: int
    down: bool

    @property
    def opposite(self) -> "Side":
        """The other side of the same point."""
        return Side(self.point, not self.down)


class Verdict(IntEnum):
    """What becomes of a step: tried again at half the length, taken, or taken with ease."""

    REFUSED = 0
    TAKEN = 1
    EASY = 2


# Length of the next step over that of this one, by verdict.
GROWTH = torch.tensor([0.5, 1.0, 1.6], dtype=torch.float64)


@dataclass
class Trace:
    """A curve that leaves a known point at one side.

    Attributes
    ----------
    places, tangents
        Points (unit + 1,) in order, and the unit tangents there, along the trace.
    met
        The side at which the trace arrives at another known point; ``None`` if it met none.
    end
        ``met``, ``limit`` (of the sweep), ``far`` (from all that was visited), ``stuck`` or
        ``long`` (out of steps).
    """

    places: list[Tensor]
    tangents: list[Tensor]
    met: Side | None = None
    end: str = ""


@dataclass
class _Heads:
    """Ends of all traces so far.

    Attributes
    ----------
    places, tangents
        (trace, unit + 1).
    orientation
        (trace,), as from `Curve.oriented`.
    lengths
        (trace,), of the next steps.
    """

    places: Tensor
    tangents: Tensor
    orientation: Tensor
    lengths: Tensor


@dataclass
class Tracer:
    """Traces many curves at once.

    Attributes
    ----------
    curve
        What is traced.
    known
        (point, unit + 1), points of the curve at a few anchor values.
    tangents
        (point, unit + 1), towards larger values.
    step
        Longest step.
    reach
        Largest distance from the origin of places.
    meet
        Whether traces end at known points; else only at the ends of the sweep, and where curves
        cross or nearly do, they are gone along in steps so small that neither is taken for the
        other.
    first
        Length of the first step, relative to the longest.
    """

    curve: Curve
    known: Tensor
    tangents: Tensor
    step: float = 0.05
    reach: float = torch.inf
    meet: bool = True
    first: float = FIRST_STEP
    anchors: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.anchors = torch.unique(self.known[:, -1]).tolist() if self.meet else []

    def run(self, steps: int, sides: Sequence[Side] | None = None) -> dict[Side, Trace]:
        """Trace from sides of known points, by default from both of each, by at most `steps`."""
        if sides is None:
            sides = [Side(i, down) for i in range(len(self.known)) for down in (False, True)]
        rows = [side.point for side in sides]
        signs = torch.tensor([-1.0 if side.down else 1.0 for side in sides], dtype=torch.float64)
        tangents, places = self.tangents[rows] * signs[:, None], self.known[rows]
        traces = [Trace([z], [t]) for z, t in zip(places.clone(), tangents.clone(), strict=True)]
        lengths = torch.full((len(traces),), self.first * self.step, dtype=torch.float64)
        heads = _Heads(places, tangents, self.curve.oriented(places, tangents)[1], lengths)
        for trace in traces:
            self._stop_at_limit(trace)
        for _ in range(steps):
            rows = torch.tensor([i for i, t in enumerate(traces) if not t.end], dtype=torch.long)
            if len(rows) == 0:
                break
            self._advance(traces, heads, rows)
        for trace in traces:
            trace.end = trace.end or "long"
        return dict(zip(sides, traces, strict=True))

    def _stop_at_limit(self, trace: Trace) -> None:
        """End a trace that leaves the sweep at its first point."""
        value, slope = float(trace.places[0][-1]), float(trace.tangents[0][-1])
        if (value <= 0 and slope <= 0) or (value >= 1 and slope >= 0):
            trace.end = "limit"

    def _advance(self, traces: list[Trace], heads: _Heads, rows: Tensor) -> None:
        """Take one step, or shorten it, on every trace of `rows`."""
        here, along, length = heads.places[rows], heads.tangents[rows], heads.lengths[rows]
        guesses = here + length[:, None] * along
        there, converged = self.curve.correct(guesses, along)
        arriving, orientation = self.curve.oriented(there, along)
        segments = Segments(here, there, along, arriving)
        verdicts = judge(segments, guesses, converged, length)
        if not self.meet:
            # A step past a crossing may lead to the other curve: it is gone past in small steps.
            crossed = (orientation != heads.orientation[rows]) & (length > CORNER)
            verdicts[crossed] = Verdict.REFUSED
        heads.lengths[rows] = (GROWTH[verdicts] * length).clamp(max=self.step)
        taken = verdicts != Verdict.REFUSED
        for row in rows[~taken & (length < SHORTEST_STEP)].tolist():
            traces[row].end = "stuck"
        heads.places[rows[taken]] = segments.end[taken]
        heads.orientation[rows[taken]] = orientation[taken]
        heads.tangents[rows[taken]] = segments.arriving[taken]
        self._extend([traces[row] for row in rows[taken].tolist()], segments.take(taken))

    def _extend(self, traces: list[Trace], segments: Segments) -> None:
        """Add to each trace the end of its new segment, or the known point that it passes."""
        for i, (trace, met) in enumerate(zip(traces, self._meetings(segments), strict=True)):
            trace.met = met
            if met is None:
                trace.places.append(segments.end[i])
                trace.tangents.append(segments.arriving[i])
                trace.end = self._end(segments.end[i])
            else:
                trace.places.append(self.known[met.point])
                trace.tangents.append(self.tangents[met.point] * (1 if met.down else -1))
                trace.end = "met"

    def _end(self, place: Tensor) -> str:
        if not 0 <= float(place[-1]) <= 1:
            return "limit"
        return "far" if float(place[:-1].norm()) > self.reach else ""

    def _meetings(self, segments: Segments) -> list[Side | None]:
        """The first known point that each segment passes, by the side where it arrives."""
        met: list[Side | None] = [None] * len(segments)
        if not self.anchors:
            return met
        shares = torch.linspace(0, 1, PIECES + 1, dtype=torch.float64)
        values = torch.stack([segments.at(s.expand(len(segments)))[0][:, -1] for s in shares], 1)
        for anchor in self.anchors:
            offset = values - anchor
            crossed = (offset[:, :-1] * offset[:, 1:] <= 0) & (offset[:, :-1] != 0)
            for segment, piece in crossed.nonzero().tolist():
                if met[segment] is None:
                    before, after = offset[segment, piece : piece + 2].tolist()
                    share = float(shares[piece]) + before / (before - after) / PIECES
                    met[segment] = self._nearest(segments, segment, anchor, share)
        return met

    def _nearest(
        self, segments: Segments, segment: int, anchor: float, share: float
    ) -> Side | None:
        one = segments.take(torch.tensor([segment]))
        place, direction = one.at(torch.tensor([share], dtype=torch.float64))
        here = (self.known[:, -1] == anchor).nonzero()[:, 0]
        distances = (self.known[here] - place).norm(dim=1)
        nearest = int(distances.argmin())
        length = float((one.end - one.start).norm())
        cosine = float(self.tangents[here[nearest]] @ direction[0])
        if float(distances[nearest]) > MEETING * length or abs(cosine) < STRAIGHT / 2:
            return None
        return Side(int(here[nearest]), down=not cosine < 0)


def judge(segments: Segments, guesses: Tensor, converged: Tensor, lengths: Tensor) -> Tensor:
    """`Verdict` on each step (step,), by how well its segment resolves the curve.

    Parameters
    ----------
    segments
        The steps, from the old point to the corrected one.
    guesses
        (step, unit + 1), the predicted points.
    converged
        (step,), whether the correction succeeded.
    lengths
        (step,), as attempted.
    """
    error, straight = quality(segments)
    smooth = (straight > STRAIGHT) & (error < 1)
    corner = lengths < CORNER
    allowed = torch.where(corner, CORRECTION_AT_CORNER, CORRECTION) * lengths
    far = (segments.end - guesses).norm(dim=1) > allowed
    taken = converged & ~far & (smooth | corner) & ~_back(segments)
    easy = taken & smooth & (straight > STRAIGHTER) & (error < 0.25)
    return taken.long() + easy.long()


def _back(segments: Segments) -> Tensor:
    """Whether each segment starts at a limit of the sweep and ends beyond it (segment,).

    The fold that such a segment passes needs a place of its own before the curve leaves the sweep.
    """
    start, end = segments.start[:, -1] - 0.5, segments.end[:, -1] - 0.5
    return (start.abs() == 0.5) & (start * end > 0.25)


def quality(segments: Segments) -> tuple[Tensor, Tensor]:
    """How well the ends of segments resolve a curve.

    Where a curve of slow points folds back and forth over a tiny range of values, its tangents
    hardly turn. So the step in value must agree with the trapezoidal rule, however small it is.

    Returns
    -------
    error
        (segment,), of the rule over what is allowed.
    straight
        (segment,), cosine of the angle between the tangents.
    """
    gap, leaving, arriving = segments.end - segments.start, segments.leaving, segments.arriving
    length = gap.norm(dim=1)
    mean = 0.5 * (leaving[:, -1] + arriving[:, -1])
    size = 0.5 * (leaving[:, -1].abs() + arriving[:, -1].abs()) * length
    error = (gap[:, -1] - mean * length).abs() / (BEND * size + FLAT)
    return error, (leaving * arriving).sum(1)
