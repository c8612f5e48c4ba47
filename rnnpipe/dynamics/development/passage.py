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

# A curve arrives at the point that lies nearer than this, relative to the spread; of points that
# are added, one nearer than that to another is the same.
SAME, COPY = 1e-3, 1e-4
# Longest steps along curves: first, and again where curves do not pair points up; and the most
# steps of each along one curve. Most curves are so straight that steps soon are as long; a first
# one as long led to another curve in 2 of 140 cases, one of 0.3 in none.
STEPS, MOST, FIRST = (1.0, 0.1, 0.02), (60, 300, 1500), 0.2


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

    def add(self, after: bool, states: np.ndarray) -> None:
        """Add the states (point, unit) of one side that are none of its points."""
        for state in states:
            self._at(after, state, COPY)

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

        So are that point and the one to which its curve leads: either may have been taken for the
        other. A curve has one sign of det(J - I) from fold to fold: another one at its end says
        that a step led to a neighbour, or that branches cross, and then shorter steps tell the
        same.
        """
        found = {}
        for end, way in self.ways.items():
            if not self._returned(way):
                claimed = way.end and self.ways[way.end].end
                found |= dict.fromkeys(filter(None, (end, way.end, claimed)))
            elif (self._sign(way.start) == self._sign(way.end)) != way.stays:
                found[end] = None
        return list(found)

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
            self.curve,
            known,
            self.curve.tangents(known, up),
            step,
            self.reach,
            meet=False,
            first=FIRST,
        )
        sides = [Side(row, down=end.after) for row, end in enumerate(ends)]
        traces = list(tracer.run(most, sides).values())
        for end, trace, landed in zip(ends, traces, self._landings(traces), strict=True):
            way = self._arrived(end, trace, landed)
            self.ways[end] = way
            if way.end is not None and way.end not in self.ways:
                self.ways[way.end] = _reversed(way)

    def _landings(self, traces: Sequence[Trace]) -> list[Tensor | None]:
        """Where each curve passes the side of the way at which it ends, if it ends at one."""
        ended = [n for n, one in enumerate(traces) if one.end == "limit" and len(one.places) > 1]
        landings: list[Tensor | None] = [None] * len(traces)
        if not ended:
            return landings
        first, last, leaving, arriving = (
            torch.stack([getattr(traces[n], name)[place] for n in ended])
            for name, place in (("places", -2), ("places", -1), ("tangents", -2), ("tangents", -1))
        )
        sides = torch.tensor([0.0, 1.0], dtype=torch.float64)
        passed = points_at(self.curve, Segments(first, last, leaving, arriving), sides)
        for row, place in zip(*passed, strict=True):
            landings[ended[int(row)]] = place
        for n, place in zip(ended, last, strict=True):
            if float(place[-1]) in (0.0, 1.0):
                landings[n] = place
        return landings

    def _arrived(self, start: End, trace: Trace, landed: Tensor | None) -> Way:
        """The curve with its last place at the point where it has landed."""
        places, tangents = torch.stack(trace.places), torch.stack(trace.tangents)
        if landed is None:
            return Way(start, None, places, tangents)
        end = self._at(bool(landed[-1] == 1), self.curve.states(landed[None])[0].numpy())
        places = torch.cat([places[:-1], landed[None]])
        return Way(start, None if end == start else end, places, tangents)

    def _at(self, after: bool, state: np.ndarray, near: float = SAME) -> End:
        """The point at a state, which is added if none lies near."""
        known = self.points[after]
        away = np.linalg.norm(known - state, axis=1)
        if not len(known) or away.min() > near * self.curve.scale:
            self.points[after] = np.concatenate([known, state[None]])
            return End(after, len(known))
        return End(after, int(away.argmin()))


def passage(family: Driven, before: np.ndarray, spread: float, furthest: float) -> Passage:
    """Follow the points of one step to the next.

    Parameters
    ----------
    family
        The map of state and share of the way.
    before
        (point, unit), fixed points at its beginning.
    spread
        Of the visited states: the unit of length.
    furthest
        Norm of states beyond which points are not followed.
    """
    zero, one = torch.zeros(1, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    curve = Curve(family, zero, one, 0.0, 1.0, spread)
    found = Passage(curve, [before, before[:0]], furthest / spread)
    found.follow()
    return found


def _reversed(way: Way) -> Way:
    return Way(way.end, way.start, way.places.flip(0), -way.tangents.flip(0))
