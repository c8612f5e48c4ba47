"""Points with identities that last from one kept step to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics.classes import class_labels, growing
from rnnpipe.dynamics.development.passage import Passage
from rnnpipe.dynamics.development.turns import NOT_KNOWN, Turn, changes, meetings
from rnnpipe.dynamics.maps import Dynamics


@dataclass(frozen=True)
class Points:
    """The fixed points of one kept step.

    Attributes
    ----------
    states
        (point, unit).
    eigenvalues
        (point, mode), by falling modulus.
    """

    states: np.ndarray
    eigenvalues: np.ndarray

    @classmethod
    def at(cls, dynamics: Dynamics, states: np.ndarray) -> "Points":
        """Points with their linear stability."""
        if not len(states):
            return cls(states, np.empty((0, dynamics.units), dtype=np.complex128))
        values = torch.linalg.eigvals(dynamics.jacobian(dynamics.placed(states))).cpu().numpy()
        order = np.argsort(-np.abs(values), axis=1, kind="stable")
        return cls(states, np.take_along_axis(values, order, axis=1))

    def __len__(self) -> int:
        return len(self.states)

    @property
    def unstable(self) -> np.ndarray:
        """Number of modes that grow, (point,)."""
        return growing(self.eigenvalues).sum(1)

    @property
    def labels(self) -> np.ndarray:
        """Classes (point,)."""
        return class_labels(self.eigenvalues)

    @property
    def index(self) -> np.ndarray:
        """-1 to the number of real eigenvalues above 1, (point,)."""
        above = ((self.eigenvalues.imag == 0) & (self.eigenvalues.real > 1)).sum(1)
        return 1 - 2 * (above % 2)


@dataclass(frozen=True)
class Event:
    """A birth or a death between two kept steps.

    Attributes
    ----------
    birth
        Whether it is a birth; else a death.
    before
        Number of the kept step before it.
    identity, partner
        Of what is born or dies, and of what does so with it; -1 if nothing does.
    turn
        By what, and when.
    """

    birth: bool
    before: int
    identity: int
    partner: int
    turn: Turn

    @property
    def at(self) -> int:
        """Number of the kept step at which it exists, next to the event."""
        return self.before + self.birth


@dataclass(frozen=True)
class Course:
    """Points over all kept steps.

    Attributes
    ----------
    identities
        Of the points (point,) of every step.
    events
        Births and deaths, in order of the steps.
    changes
        Between every two steps, the changes of stability of points that stay, by identity.
    """

    identities: tuple[np.ndarray, ...]
    events: tuple[Event, ...]
    changes: tuple[dict[int, list[Turn]], ...]


def course(points: Sequence[Points], passages: Sequence[Passage]) -> Course:
    """Give identities to points (one array per step) by the passages between their steps.

    The points of the first step are numbered first, then those that are born, in order. A point
    that is born where another one has died before is another point.
    """
    identities = [np.arange(len(own)) for own in points[:1]]
    events: list[Event] = []
    changed: list[dict[int, list[Turn]]] = []
    count = sum(map(len, points[:1]))
    for before, passage in enumerate(passages):
        own = np.full(len(points[before + 1]), -1)
        pairs = list(passage.pairs())
        for way in pairs:
            if way.stays:
                own[way.end.point] = identities[before][way.start.point]
        (fresh,) = np.nonzero(own < 0)
        own[fresh] = count + np.arange(len(fresh))
        count += len(fresh)
        identities.append(own)
        sides = identities[before], own
        events += _events(passage, before, sides)
        turning = [
            way
            for way in pairs
            if way.stays and _differ(points, before, way.start.point, way.end.point)
        ]
        turns = changes(passage.curve, turning)
        changed.append({int(own[w.end.point]): t for w, t in zip(turning, turns, strict=True)})
    return Course(tuple(identities), tuple(events), tuple(changed))


def _differ(points: Sequence[Points], before: int, first: int, last: int) -> bool:
    """Whether numbers of growing modes differ, of a point at two steps."""
    ends = points[before].eigenvalues[first], points[before + 1].eigenvalues[last]
    return len({int(growing(values, tolerance=0.0).sum()) for values in ends}) > 1


def _events(passage: Passage, before: int, sides: tuple[np.ndarray, np.ndarray]) -> list[Event]:
    """Deaths, then births, of a passage, each in the order of its share of the way."""
    found = []
    ways = [way for way in passage.pairs() if not way.stays]
    for way, turn in zip(ways, meetings(passage.curve, ways), strict=True):
        own = sides[way.start.after]
        both = int(own[way.start.point]), int(own[way.end.point])
        for one, other in (both, both[::-1]):
            found.append(Event(way.start.after, before, one, other, turn))
    for end in passage.lost():
        identity = int(sides[end.after][end.point])
        found.append(Event(end.after, before, identity, -1, NOT_KNOWN))
    return sorted(found, key=lambda event: (event.birth, np.nan_to_num(event.turn.share, nan=2.0)))
