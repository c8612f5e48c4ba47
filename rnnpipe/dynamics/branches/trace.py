"""Curves of fixed points traced from known points, both ways, until they meet other known ones."""

from dataclasses import dataclass, field

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
# A corrected point may lie this far from the predicted one, relative to the step; at a corner
# further.
STRAY = 0.3
STRAY_AT_CORNER = 30.0
# A known point is met if the curve passes it at this distance, relative to the step.
MEETING = 0.1
PIECES = 16


@dataclass
class Trace:
    """A curve from a known point on.

    Attributes
    ----------
    places, tangents
        Points (unit + 1,) in order, and the unit tangents there, along the trace.
    met
        Number of the known point at the end, and the side from which the trace comes:
        1 if its tangent runs against the known point's, else 0; ``None`` if it met none.
    end
        ``met``, ``limit`` (of the sweep), ``far`` (from all that was visited), ``stuck`` or
        ``long`` (out of steps).
    """

    places: list[Tensor]
    tangents: list[Tensor]
    met: tuple[int, int] | None = None
    end: str = ""


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
    """

    curve: Curve
    known: Tensor
    tangents: Tensor
    step: float = 0.05
    reach: float = torch.inf
    anchors: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.anchors = torch.unique(self.known[:, -1]).tolist()

    def run(self, steps: int) -> list[Trace]:
        """Traces of at most `steps` steps; that of point i is 2 i upwards, 2 i + 1 downwards."""
        signs = torch.tensor([1.0, -1.0], dtype=torch.float64)
        tangents = (self.tangents[:, None] * signs[:, None]).flatten(0, 1)
        places = self.known.repeat_interleave(2, dim=0)
        traces = [Trace([z], [t]) for z, t in zip(places.clone(), tangents.clone(), strict=True)]
        lengths = torch.full((len(traces),), FIRST_STEP * self.step, dtype=torch.float64)
        for trace in traces:
            self._stop_at_limit(trace)
        for _ in range(steps):
            rows = torch.tensor([i for i, t in enumerate(traces) if not t.end], dtype=torch.long)
            if len(rows) == 0:
                break
            self._advance(traces, rows, places, tangents, lengths)
        for trace in traces:
            trace.end = trace.end or "long"
        return traces

    def _stop_at_limit(self, trace: Trace) -> None:
        """End a trace that sets out from a limit of the sweep, out of it."""
        value, slope = float(trace.places[0][-1]), float(trace.tangents[0][-1])
        if (value <= 0 and slope <= 0) or (value >= 1 and slope >= 0):
            trace.end = "limit"

    def _advance(
        self,
        traces: list[Trace],
        rows: Tensor,
        places: Tensor,
        tangents: Tensor,
        lengths: Tensor,
    ) -> None:
        """Take one step, or shorten it, on every trace of `rows`."""
        here, along, length = places[rows], tangents[rows], lengths[rows]
        guesses = here + length[:, None] * along
        there, converged = self.curve.correct(guesses, along)
        arriving = self.curve.tangents(there, along)
        error, straight = quality(here, there, along, arriving)
        corner = length < CORNER
        allowed = torch.where(corner, STRAY_AT_CORNER, STRAY) * length
        stray = (there - guesses).norm(dim=1) > allowed
        smooth = (straight > STRAIGHT) & (error < 1)
        good = converged & ~stray & (smooth | corner)
        easy = good & smooth & (straight > STRAIGHTER) & (error < 0.25)
        lengths[rows] = torch.where(good, torch.where(easy, 1.6 * length, length), 0.5 * length)
        lengths.clamp_(max=self.step)
        for row in rows[~good & (length < SHORTEST_STEP)].tolist():
            traces[row].end = "stuck"
        done = rows[good]
        places[done], tangents[done] = there[good], arriving[good]
        segments = Segments(here[good], there[good], along[good], arriving[good])
        met = self._meetings(segments)
        for i, row in enumerate(done.tolist()):
            trace = traces[row]
            trace.met = met[i]
            if met[i] is None:
                trace.places.append(segments.end[i])
                trace.tangents.append(segments.arriving[i])
                trace.end = self._end(segments.end[i])
            else:
                point, against = met[i]
                trace.places.append(self.known[point])
                trace.tangents.append(self.tangents[point] * (1 - 2 * against))
                trace.end = "met"

    def _end(self, place: Tensor) -> str:
        if not 0 <= float(place[-1]) <= 1:
            return "limit"
        return "far" if float(place[:-1].norm()) > self.reach else ""

    def _meetings(self, segments: Segments) -> list[tuple[int, int] | None]:
        """The first known point that each segment passes."""
        shares = torch.linspace(0, 1, PIECES + 1, dtype=torch.float64)
        values = torch.stack([segments.at(s.expand(len(segments)))[0][:, -1] for s in shares], 1)
        met: list[tuple[int, int] | None] = [None] * len(segments)
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
    ) -> tuple[int, int] | None:
        one = segments.take(torch.tensor([segment]))
        place, direction = one.at(torch.tensor([share], dtype=torch.float64))
        here = (self.known[:, -1] == anchor).nonzero()[:, 0]
        distances = (self.known[here] - place).norm(dim=1)
        nearest = int(distances.argmin())
        length = float((one.end - one.start).norm())
        cosine = float(self.tangents[here[nearest]] @ direction[0])
        if float(distances[nearest]) > MEETING * length or abs(cosine) < STRAIGHT / 2:
            return None
        return int(here[nearest]), int(cosine < 0)


def quality(
    here: Tensor, there: Tensor, leaving: Tensor, arriving: Tensor
) -> tuple[Tensor, Tensor]:
    """How well two neighbouring points resolve a curve.

    Where a curve of slow points folds back and forth over a tiny range of values, its tangents
    hardly turn. So the step in value must agree with the trapezoidal rule, however small it is.

    Returns
    -------
    error
        (point,), of the rule over what is allowed.
    straight
        (point,), cosine of the angle between the tangents.
    """
    length = (there - here).norm(dim=1)
    mean = 0.5 * (leaving[:, -1] + arriving[:, -1])
    size = 0.5 * (leaving[:, -1].abs() + arriving[:, -1].abs()) * length
    error = (there[:, -1] - here[:, -1] - mean * length).abs() / (BEND * size + FLAT)
    return error, (leaving * arriving).sum(1)
