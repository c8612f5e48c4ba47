"""Closed curves that runs go round: the rotation number, and states in order along the curve."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.attractors.frequencies import components, folded, spectral_lines
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.spread import deviation

# A curve may be in so many pieces that each update leads from one to the next.
MOST_PIECES = 8
# The run goes round so often at least, and leaves out no more than this of a turn.
TURNS = 3.0
WIDEST = 0.12
PHASES = 128
# A curve is known at so many times as many states, through so many means at most.
FINER = 8
CELLS = 1024
# A curve that goes round so often before it closes may show the line of a single round alone.
TIMES_ROUND = (2, 3, 4)
# What is thinner by this factor is taken instead of what is simpler.
CLEARLY = 0.1
# A curve that is thicker in one piece may be in several; states that show in how many.
THIN = 0.02
SOME = 64


@dataclass(frozen=True)
class Curve:
    """A closed curve, in one piece or in several that are visited in turn.

    Attributes
    ----------
    rotation
        Turns per update, at most 1/2.
    pieces
        Number of pieces.
    thickness
        How far states are off the curve through those before and after them in
        phase, relative to the curve's size.
    states
        (phase, unit), at equal distances in phase, piece by piece; the first
        has the lowest activity of unit 0 within its piece.
    times
        (phase,), updates since the first.
    dense
        (state, unit), the curve through states that are close together.
    """

    rotation: float
    pieces: int
    thickness: float
    states: np.ndarray
    times: np.ndarray
    dense: np.ndarray


def closed_curve(states: np.ndarray) -> Curve | None:
    """The closed curve that a run goes round, or None if it goes round fewer than three times.

    None as well if more than a tenth of the curve in one piece is not seen: a run that slides
    slowly along the circle on which a cycle lies shows little of it.

    On a closed curve, the state at time t depends on the phase rho t modulo 1
    alone: of all lines of the spectrum, and their sums and differences, the
    rotation number rho is the one that puts the states in order of phase with
    the shortest way through all of them. Neither a plane nor a centre is
    chosen, so that the curve may cross itself in any projection.

    Parameters
    ----------
    states
        (time, unit), consecutive states of a run that has settled.

    Returns
    -------
    Curve or None
        Its thickness says whether the run is on a curve at all.
    """
    scores = components(states)
    pieces = 1
    found = _rotation(scores)
    if found is None or found[1] > THIN:
        pieces = _visited_in_turn(scores)
        if pieces > 1:
            found = _rotation(scores[::pieces])
    if found is None:
        return None
    rotation, thickness = found
    if _unseen(rotation, len(scores[::pieces])) > WIDEST:
        return None
    each = max(2, PHASES // pieces)
    dense = [_resampled(states[piece::pieces], rotation, each * FINER) for piece in range(pieces)]
    turn = np.arange(each) / each * pieces / rotation
    return Curve(
        rotation=rotation / pieces,
        pieces=pieces,
        thickness=thickness,
        states=np.concatenate([part[::FINER] for part in dense]),
        times=np.concatenate([turn + piece for piece in range(pieces)]),
        dense=np.concatenate(dense),
    )


def _visited_in_turn(states: np.ndarray) -> int:
    """The number of pieces that a run visits in turn: what is near comes after so many updates."""
    some = np.linspace(0, len(states) - 1, SOME).round().astype(int)
    distance = distances_between(states[some], states)
    distance[np.arange(SOME), some] = np.inf
    apart = np.abs(distance.argmin(1) - some)
    return max(
        (pieces for pieces in range(2, MOST_PIECES + 1) if (apart % pieces == 0).mean() > 0.95),
        default=1,
    )


def _rotation(states: np.ndarray) -> tuple[float, float] | None:
    """Rotation number of a run (time, unit), and how thick the curve is that it gives."""
    lines = spectral_lines(states)
    if len(lines) == 0:
        return None
    pairs = np.concatenate(
        [lines, *(folded(lines[:, None] + sign * lines).ravel() for sign in (-1, 1))]
    )
    candidates = np.unique(pairs[pairs * len(states) >= TURNS].round(12))
    if len(candidates) == 0:
        return None
    ways = [_way(states, candidate) for candidate in candidates]
    rotation = float(candidates[int(np.argmin(ways))])
    thickness = _thickness(states, rotation)
    if thickness <= THIN:
        return rotation, thickness
    for times in TIMES_ROUND:
        longer = _thickness(states, rotation / times)
        if rotation / times * len(states) >= TURNS and longer < CLEARLY * thickness:
            return rotation / times, longer
    return rotation, thickness


def _in_order(states: np.ndarray, rotation: float) -> tuple[np.ndarray, np.ndarray]:
    """Phases (time,), ascending, and the states (time, unit) at them."""
    phase = np.mod(rotation * np.arange(len(states)), 1.0)
    order = np.argsort(phase, kind="stable")
    return phase[order], states[order]


def _unseen(rotation: float, updates: int) -> float:
    """The largest part of a turn that so many updates leave out."""
    phase = np.sort(np.mod(rotation * np.arange(updates), 1.0))
    return float(np.diff(phase, append=phase[0] + 1).max())


def _way(states: np.ndarray, rotation: float) -> float:
    """Length of the closed polygon through all states in order of phase."""
    _, ordered = _in_order(states, rotation)
    return float(np.linalg.norm(ordered - np.roll(ordered, 1, axis=0), axis=1).sum())


def _thickness(states: np.ndarray, rotation: float) -> float:
    """Distance of states from the middle between their neighbours in phase, in nine of ten."""
    _, ordered = _in_order(states, rotation)
    middle = (np.roll(ordered, 1, axis=0) + np.roll(ordered, -1, axis=0)) / 2
    off = np.linalg.norm(ordered - middle, axis=1)
    size = deviation(states)
    return float(np.quantile(off, 0.9) / size)


def _resampled(states: np.ndarray, rotation: float, count: int) -> np.ndarray:
    """States at equal distances in phase, from the one with the lowest activity of unit 0.

    States of nearly the same phase are taken together, and a cubic spline goes
    through the means: a run that nearly closes after few updates shows few phases.
    """
    from scipy.interpolate import CubicSpline  # few networks have runs that go on moving

    phase, ordered = _in_order(states, rotation)
    cell = np.floor(phase * CELLS).astype(int)
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    sizes = np.diff(first, append=len(phase))
    knots = np.add.reduceat(phase, first) / sizes
    means = np.add.reduceat(ordered, first, axis=0) / sizes[:, None]
    closed = np.concatenate([means, means[:1]])
    spline = CubicSpline(np.append(knots, knots[0] + 1), closed, bc_type="periodic")
    begin = knots[int(means[:, 0].argmin())]
    return spline(begin + np.arange(count) / count)
