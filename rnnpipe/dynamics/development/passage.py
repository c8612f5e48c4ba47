"""The way from one kept step to the next: where each point goes when weights are interpolated.

The fixed points over the share s of the way are curves; a point of the step before lies on one at
s = 0, a point of the step after at s = 1. A curve from one side to the other is a point that
stays; one that returns to its side is two points that are born, or die, together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.branches.segment import Segments, points_at
from rnnpipe.dynamics.branches.trace import Side, Trace, Tracer
from rnnpipe.dynamics.maps import Driven

# A curve arrives at the point that lies nearer than this, relative to the spread.
SAME = 1e-3
# Longest steps along curves: first, and again where curves do not pair points up; and the most
# steps of each along one curve.
STEPS, MOST = (1.0, 0.1, 0.02), (60, 300, 1500)


@dataclass(frozen=True)
class End:
    """A point at one end of the way: of the step before, or after, and its number there."""

    after: bool
    point: int

    @property
    def value(self) -> float:
        """The share of the way there."""
        return float(self.after)


@dataclass(frozen=True)
class Way:
    """A curve from one point to another.

    Attributes
    ----------
    start, end
        Its points, in the order of `places`; no end where it is lost.
    places, tangents
        (place, unit + 1), along it.
    """

    start: End
    end: End | None
    places: Tensor
    tangents: Tensor

    @property
    def stays(self) -> bool:
        """Whether it leads from one side to the other."""
        return self.end is not None and self.start.after != self.end.after

    def segments(self) -> Segments:
        """Its pieces."""
        z, t = self.places, self.tangents
        return Segments(z[:-1], z[1:], t[:-1], t[1:])


@dataclass
class Passage:
    """Where the points of one step go until the next.

    Attributes
    ----------
    curve
        The fixed points over the share of the way.
    points
        The points (point, unit) of the step before and of the step after. Those that curves lead
        to and that were not known are added.
    reach
        Largest distance of states from the origin, in spreads, to which curves are followed.
    ways
        The curve that leaves each point.
    signs
        The sign of det(J - I) at each point from which a curve was followed.
    """

    curve: Curve
    points: list[np.ndarray]
    reach: float = np.inf
    ways: dict[End, Way] = field(default_factory=dict)
    signs: dict[End, int] = field(default_factory=dict)

    def follow(self) -> bool:
        """Follow all points that were not followed; return whether points were added."""
        before = sum(map(len, self.points))
        earlier: dict[End, End | None] = {}
        with torch.no_grad():
            for step, most in zip(STEPS, MOST, strict=True):
                self._trace(self._left(after=False), step, most)
                self._trace(self._left(after=True), step, most)
                doubtful = {end: self.ways[end].end for end in self._doubtful()}
                if not doubtful or doubtful == earlier or step == STEPS[-1]:
                    break
                for end in doubtful:
                    del self.ways[end]
                earlier = doubtful
        for end in doubtful:
            way = self.ways[end]
            if not self._returned(way):
                self.ways[end] = Way(end, None, way.places, way.tangents)
        return sum(map(len, self.points)) > before

    def pairs(self) -> Iterator[Way]:
        """Every curve that connects two points, once: from the step before where it can be."""
        for end, way in self.ways.items():
            if way.end is not None and (end.after, end.point) < (way.end.after, way.end.point):
                yield way

    def lost(self) -> list[End]:
        """Points whose curves lead to no other one."""
        return [end for end, way in self.ways.items() if way.end is None]

    def _left(self, after: bool) -> list[End]:
        ends = (End(after, point) for point in range(len(self.points[after])))
        return [end for end in ends if end not in self.ways]

    def _doubtful(self) -> list[End]:
        """Points whose curve is lost, or leads to a point whose curve leads elsewhere.

        A curve has one sign of det(J - I) from fold to fold: another one at its end says that a
        step led to a neighbour, or that branches cross, and then shorter steps tell the same.
        """
        return [
            end
            for end, way in self.ways.items()
            if not self._returned(way)
            or (self._sign(way.start) == self._sign(way.end)) != way.stays
        ]

    def _returned(self, way: Way) -> bool:
        """Whether the curve from its end leads back."""
        return way.end is not None and self.ways[way.end].end == way.start

    def _sign(self, end: End) -> int:
        if end not in self.signs:
            state = torch.from_numpy(self.points[end.after][end.point])[None]
            place = self.curve.places(state, torch.tensor([end.value], dtype=torch.float64))
            matrix = self.curve.derivatives(place)[:, :, :-1]
            self.signs[end] = int(torch.linalg.slogdet(matrix).sign)
        return self.signs[end]

    def _trace(self, ends: Sequence[End], step: float, most: int) -> None:
        """Follow curves from points; those at which they arrive need not be followed back."""
        if not ends:
            return
        states = np.stack([self.points[end.after][end.point] for end in ends])
        values = torch.tensor([end.value for end in ends], dtype=torch.float64)
        known = self.curve.places(torch.from_numpy(states), values)
        up = torch.zeros_like(known)
        up[:, -1] = 1.0
        tracer = Tracer(
            self.curve, known, self.curve.tangents(known, up), step, self.reach, meet=False
        )
        sides = [Side(row, down=end.after) for row, end in enumerate(ends)]
        traces = tracer.run(most, sides)
        for end, trace in zip(ends, traces.values(), strict=True):
            way = self._arrived(end, trace)
            self.ways[end] = way
            if way.end is not None and way.end not in self.ways:
                self.ways[way.end] = _reversed(way)

    def _arrived(self, start: End, trace: Trace) -> Way:
        """The curve with its last place at a point, if it ends at a side of the way."""
        places, tangents = torch.stack(trace.places), torch.stack(trace.tangents)
        lost = Way(start, None, places, tangents)
        if trace.end != "limit" or len(places) < 2:
            return lost
        last = Segments(places[-2:-1], places[-1:], tangents[-2:-1], tangents[-1:])
        after = bool(places[-1, -1] >= 1)
        if float(places[-1, -1]) == float(after):
            landed = places[-1:]
        else:
            _, landed = points_at(self.curve, last, torch.tensor([float(after)]).double())
        if len(landed) != 1:
            return lost
        end = self._at(after, self.curve.states(landed)[0].numpy())
        places = torch.cat([places[:-1], landed])
        return lost if end == start else Way(start, end, places, tangents)

    def _at(self, after: bool, state: np.ndarray) -> End:
        """The point at a state, which is added if it was not known."""
        known = self.points[after]
        away = np.linalg.norm(known - state, axis=1)
        if not len(known) or away.min() > SAME * self.curve.scale:
            self.points[after] = np.concatenate([known, state[None]])
            return End(after, len(known))
        return End(after, int(away.argmin()))


def passage(
    family: Driven, before: np.ndarray, after: np.ndarray, spread: float, furthest: float
) -> Passage:
    """Follow points from one step to the next.

    Parameters
    ----------
    family
        The map of state and share of the way.
    before, after
        (point, unit), fixed points at its ends.
    spread
        Of the visited states: the unit of length.
    furthest
        Norm of states beyond which points are not followed.
    """
    zero, one = torch.zeros(1, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    curve = Curve(family, zero, one, 0.0, 1.0, spread)
    found = Passage(curve, [before, after], furthest / spread)
    found.follow()
    return found


def _reversed(way: Way) -> Way:
    return Way(way.end, way.start, way.places.flip(0), -way.tangents.flip(0))
