"""What happens on the way: where two points meet, and where a point's stability changes."""

from typing import NamedTuple

import torch

from rnnpipe.dynamics.branches.bifurcations import (
    Spectra,
    eigenvalues,
    find_bifurcations,
    find_turns,
    orientation,
)
from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.development.passage import Way

UNKNOWN = "unknown"


class Turn(NamedTuple):
    """What happens at a share of the way, from 0 to 1; NaN where that is not known."""

    kind: str
    share: float


NOT_KNOWN = Turn(UNKNOWN, float("nan"))


def meeting(curve: Curve, way: Way) -> Turn:
    """Tell where the two points at the ends of a curve that returns to its side meet.

    A curve may turn more than once: then the points last exist where it is farthest from them.
    """
    with torch.no_grad():
        oriented = orientation(curve, way.places, way.tangents)
        _, places, kinds = find_turns(curve, way.segments(), oriented[:-1], oriented[1:])
    if not kinds:
        return NOT_KNOWN
    shares = places[:, -1]
    farthest = int(shares.argmin() if way.start.after else shares.argmax())
    return Turn(kinds[farthest], min(max(float(shares[farthest]), 0.0), 1.0))


def changes(curve: Curve, way: Way) -> list[Turn]:
    """List the changes of stability along a curve, in its order; folds in between are none."""
    with torch.no_grad():
        oriented = orientation(curve, way.places, way.tangents)
        known = Spectra(eigenvalues(curve, way.places), oriented)
        rows = torch.arange(len(way.places))
        events = find_bifurcations(
            curve, way.segments(), known.take(rows[:-1]), known.take(rows[1:])
        )
    shares = events.places[:, -1].clamp(0, 1).tolist()
    return [Turn(kind, share) for kind, share in zip(events.kind, shares, strict=True)]
