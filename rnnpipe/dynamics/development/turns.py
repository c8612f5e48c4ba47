"""What happens on the way: where two points meet, and where a point's stability changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from rnnpipe.dynamics.branches.bifurcations import (
    Spectra,
    eigenvalues,
    find_bifurcations,
    find_turns,
    orientation,
)
from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.branches.segment import Segments
from rnnpipe.dynamics.development.passage import Way

UNKNOWN = "unknown"
# Events are dated where a slope in the share, or what an eigenvalue's modulus is beyond 1, is no
# larger; the date of a fold is then off by the square of this.
DATED = 1e-7


class Turn(NamedTuple):
    """What happens at a share of the way, from 0 to 1; NaN where that is not known."""

    kind: str
    share: float


NOT_KNOWN = Turn(UNKNOWN, float("nan"))


@dataclass(frozen=True)
class _Path:
    """Many curves as one: places and tangents (place, unit + 1), and the numbers of segments.

    Attributes
    ----------
    places, tangents
        Of all curves, one after the other.
    starts
        (segment,), the number of the place at which each segment starts.
    way
        (segment,), the number of the curve that it belongs to.
    """

    places: Tensor
    tangents: Tensor
    starts: Tensor
    way: Tensor

    @classmethod
    def of(cls, ways: Sequence[Way]) -> "_Path":
        """The curves, one after the other."""
        numbers = torch.cat([torch.full((len(w.places),), n) for n, w in enumerate(ways)])
        (starts,) = torch.nonzero(numbers[:-1] == numbers[1:], as_tuple=True)
        places, tangents = (
            torch.cat([getattr(w, n) for w in ways]) for n in ("places", "tangents")
        )
        return cls(places, tangents, starts, numbers[starts])

    def segments(self) -> Segments:
        """All pieces."""
        ends = self.starts + 1
        return Segments(
            self.places[self.starts],
            self.places[ends],
            self.tangents[self.starts],
            self.tangents[ends],
        )


def meetings(curve: Curve, ways: Sequence[Way]) -> list[Turn]:
    """Tell where the two points at the ends of each curve that returns to its side meet.

    A curve may turn more than once: then the points last exist where it is farthest from them.
    """
    if not ways:
        return []
    path = _Path.of(ways)
    with torch.no_grad():
        oriented = orientation(curve, path.places, path.tangents)
        ends = oriented[path.starts], oriented[path.starts + 1]
        segments, places, kinds = find_turns(curve, path.segments(), *ends, DATED)
    found = [NOT_KNOWN] * len(ways)
    for number, way in enumerate(ways):
        rows = torch.nonzero(path.way[segments] == number)[:, 0]
        if len(rows):
            shares = places[rows, -1]
            farthest = int(shares.argmin() if way.start.after else shares.argmax())
            share = min(max(float(shares[farthest]), 0.0), 1.0)
            found[number] = Turn(kinds[int(rows[farthest])], share)
    return found


def changes(curve: Curve, ways: Sequence[Way]) -> list[list[Turn]]:
    """List the changes of stability along each curve, in its order; folds in between are none."""
    found: list[list[Turn]] = [[] for _ in ways]
    if not ways:
        return found
    path = _Path.of(ways)
    with torch.no_grad():
        known = Spectra(
            eigenvalues(curve, path.places), orientation(curve, path.places, path.tangents)
        )
        ends = known.take(path.starts), known.take(path.starts + 1)
        events = find_bifurcations(curve, path.segments(), *ends, DATED)
    shares = events.places[:, -1].clamp(0, 1).tolist()
    for segment, kind, share in zip(events.segment.tolist(), events.kind, shares, strict=True):
        found[int(path.way[segment])].append(Turn(kind, share))
    return found
