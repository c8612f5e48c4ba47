"""Bifurcations between neighbouring points of branches: folds and changes of stability.

Kuznetsov (2004, Elements of Applied Bifurcation Theory, chapters 4 and 10).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.branches.segment import ZERO, Segments, locate
from rnnpipe.dynamics.classes import growing

FOLD, CROSSING, FLIP, ROTATION = "fold", "branch point", "flip", "neimark-sacker"
# A fold's own eigenvalue passes 1 at this distance from the fold or nearer.
SAME = 1e-4
# Each brings the two sides of a turn nearer by a factor of four.
NARROWINGS = 4
CHUNK_BYTES = 128 * 2**20


@dataclass(frozen=True)
class Spectra:
    """Linear stability at the points of some curves.

    Attributes
    ----------
    eigenvalues
        (point, mode), by falling modulus.
    orientation
        (point,), sign of det [dG/dz; tangent]: it changes where branches cross.
    """

    eigenvalues: Tensor
    orientation: Tensor

    @property
    def unstable(self) -> Tensor:
        """Number of modes with |lambda| > 1 at each point, (point,)."""
        return growing(self.eigenvalues, tolerance=0.0).sum(1)

    def take(self, rows: Tensor) -> "Spectra":
        """The spectra of some of the points."""
        return Spectra(self.eigenvalues[rows], self.orientation[rows])


@dataclass(frozen=True)
class Events:
    """Bifurcations, in the order of the segments in which they lie.

    Attributes
    ----------
    segment
        (event,), number of its segment.
    kind
        ``fold``: the curve turns in value; ``branch point``: another branch crosses (pitchfork,
        transcritical); ``flip``: an eigenvalue passes -1 (period doubling); ``neimark-sacker``:
        a complex pair passes the unit circle.
    places
        (event, unit + 1).
    """

    segment: Tensor
    kind: np.ndarray
    places: Tensor

    def take(self, rows: Tensor) -> "Events":
        """Some of the events."""
        return Events(self.segment[rows], self.kind[rows.numpy()], self.places[rows])


def eigenvalues(curve: Curve, places: Tensor) -> Tensor:
    """Eigenvalues of dF/dh (point, mode) at places (point, unit + 1), by falling modulus."""
    size = max(1, CHUNK_BYTES // (8 * curve.driven.units**2))
    values = [torch.linalg.eigvals(curve.jacobians(chunk)) for chunk in places.split(size)]
    joined = torch.cat(values)
    return joined.gather(1, joined.abs().argsort(dim=1, descending=True, stable=True))


def orientation(curve: Curve, places: Tensor, tangents: Tensor) -> Tensor:
    """Orientation (point,) at places with their tangents, as from `Curve.oriented`."""
    size = max(1, CHUNK_BYTES // (8 * curve.driven.units**2))
    chunks = zip(places.split(size), tangents.split(size), strict=True)
    return torch.cat([curve.oriented(*chunk)[1] for chunk in chunks])


def find_bifurcations(
    curve: Curve, segments: Segments, before: Spectra, after: Spectra, zero: float = ZERO
) -> Events:
    """Find every bifurcation inside the segments; `before` and `after` belong to their ends.

    Each lies where the slope in value, or the excess of an eigenvalue's modulus, is at most `zero`.
    """
    orientations = before.orientation, after.orientation
    turning, turns, turned = find_turns(curve, segments, *orientations, zero)
    crossing, crossings, kinds = _crossings(curve, segments, before, after, zero)
    # A fold's own eigenvalue passes 1 there, and is no event of its own.
    kept = [
        i
        for i, (segment, place) in enumerate(zip(crossing, crossings, strict=True))
        if kinds[i] != CROSSING or not bool(_near(place, turns[turning == segment]))
    ]
    kind = turned + [kinds[i] for i in kept]
    segment = torch.cat([turning, crossing[kept]])
    places = torch.cat([turns, crossings[kept]])
    return Events(segment, np.array(kind, dtype=object), places).take(segment.argsort(stable=True))


def _near(place: Tensor, others: Tensor) -> Tensor:
    return ((others - place).norm(dim=1) < SAME).any()


def find_turns(
    curve: Curve, segments: Segments, before: Tensor, after: Tensor, zero: float = ZERO
) -> tuple[Tensor, Tensor, list[str]]:
    """Find segments in which the curve turns back in value, the places of turns and their kinds.

    `before` and `after` (segment,) are the orientations at the ends of the segments.
    """
    rows = (segments.leaving[:, -1] * segments.arriving[:, -1] < 0).nonzero()[:, 0]
    turning = segments.take(rows)
    places, _, fine = locate(curve, turning, lambda z, t, which: t[:, -1], zero)
    swapped = before[rows] != after[rows]
    crossed = swapped.nonzero()[:, 0]
    places[crossed], fine[crossed] = _tips(curve, turning.take(crossed))
    return rows[fine], places[fine], [CROSSING if other else FOLD for other in swapped[fine]]


def _tips(curve: Curve, segments: Segments) -> tuple[Tensor, Tensor]:
    """Locate turns at which another branch crosses; also whether Newton's method converged.

    There Newton's method may slip to the other branch: so the turn is taken from the cubic
    between points of the curve on either side, brought nearer and nearer.
    """
    fine = torch.ones(len(segments), dtype=torch.bool)
    for _ in range(NARROWINGS):
        leaving, arriving = segments.leaving[:, -1], segments.arriving[:, -1]
        turn = (leaving / (leaving - arriving)).clamp(0.25, 0.75)
        ends = []
        for share in (turn - 0.125, turn + 0.125):
            guesses, along = segments.at(share)
            places, converged = curve.correct(guesses, along)
            ends.append((places, curve.tangents(places, along)))
            fine &= converged
        (start, out), (end, into) = ends
        segments = Segments(start, end, out, into)
    leaving, arriving = segments.leaving[:, -1], segments.arriving[:, -1]
    return segments.at(leaving / (leaving - arriving))[0], fine


def _crossings(
    curve: Curve, segments: Segments, before: Spectra, after: Spectra, zero: float
) -> tuple[Tensor, Tensor, list[str]]:
    """Find where eigenvalues pass the unit circle: segments, places and kinds."""
    rows, modes = [], []
    for row in (before.unstable != after.unstable).nonzero()[:, 0].tolist():
        least, most = sorted((int(before.unstable[row]), int(after.unstable[row])))
        rows += [row] * (most - least)
        modes += range(least, most)
    which, mode = torch.tensor(rows, dtype=torch.long), torch.tensor(modes, dtype=torch.long)

    def excess(places: Tensor, tangents: Tensor, numbers: Tensor) -> Tensor:
        values = eigenvalues(curve, places).abs()
        return values.gather(1, mode[numbers][:, None])[:, 0] - 1

    places, _, fine = locate(curve, segments.take(which), excess, zero)
    passing = eigenvalues(curve, places)
    passing = passing.gather(1, mode[:, None])[:, 0]
    kinds = [_kind(value) for value in passing.tolist()]
    # A complex pair, or alike parts of a network, pass at once: one event.
    for i in range(1, len(kinds)):
        alike = kinds[i] == kinds[i - 1] and which[i] == which[i - 1]
        if alike and bool((places[i] - places[i - 1]).norm() < SAME):
            fine[i] = False
    return which[fine], places[fine], [k for k, f in zip(kinds, fine.tolist(), strict=True) if f]


def _kind(value: complex) -> str:
    if abs(value.imag) > 1e-6:
        return ROTATION
    return CROSSING if value.real > 0 else FLIP
