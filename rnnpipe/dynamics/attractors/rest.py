"""Runs that end at rest, at points that are known and at others."""

import numpy as np

from rnnpipe.dynamics.attractors.points import Resting
from rnnpipe.dynamics.distances import distances_between

# A run that approaches a point has come nearer by this factor within the states looked at.
NEARER = 0.3
# So near, relative to the radius, a run that does not leave again has arrived.
ARRIVED = 1e-3
PARTS = 4
# The rate of an approach is the leading mode's within this share, once it has come nearer by this.
RATE = 0.2
FALLEN = 0.05


def arrived(window: np.ndarray, resting: Resting) -> np.ndarray:
    """Number of the resting point that each run has reached, -1 of none.

    A run has reached an attracting point when it is within the point's radius
    and, over the four quarters of the states looked at, comes ever nearer and
    in the end is at a third of the distance, or is as near as 1e-3 of the
    radius and not on its way out.

    Parameters
    ----------
    window
        (time, run, unit), the last states of each run.
    resting
        Attracting points.

    Returns
    -------
    numpy.ndarray
        (run,), among `resting`.
    """
    if len(resting.states) == 0 or len(window) < PARTS:
        return np.full(window.shape[1], -1)
    places = distances_between(window[-1], resting.states).argmin(1)
    radius = resting.radius[places]
    length = len(window) // PARTS * PARTS
    distance = np.linalg.norm(window[-length:] - resting.states[places], axis=2)
    farthest = distance.reshape(PARTS, -1, window.shape[1]).max(1)
    approaching = (np.diff(farthest, axis=0) <= 0).all(0)
    nearer = approaching & (farthest[-1] <= NEARER * farthest[0])
    close = (farthest[-1] <= ARRIVED * radius) & (farthest[-1] <= farthest[0])
    return np.where((farthest[-1] <= radius) & (nearer | close), places, -1)


class Approach:
    """How runs come nearer to the points that attract them, from one look to the next.

    A run has reached an attracting point when it is within the point's radius,
    and at a third of its distance at the look before, or nearer at the rate of
    the point's leading mode: then it is close enough for the linearisation to
    hold, and will not stay away.
    """

    def __init__(self, resting: Resting) -> None:
        self.resting = resting
        self.before: dict[int, tuple[int, float, int]] = {}

    def look(self, rows: np.ndarray, window: np.ndarray, updates: int) -> np.ndarray:
        """Number of the resting point that each run has reached since the last look, -1 of none.

        Parameters
        ----------
        rows
            (run,), numbers of the runs.
        window
            (time, run, unit), the last states of each run.
        updates
            Taken by the runs so far.

        Returns
        -------
        numpy.ndarray
            (run,), among the resting points.
        """
        ends = np.full(len(rows), -1)
        if len(self.resting.states) == 0:
            return ends
        places = distances_between(window[-1], self.resting.states).argmin(1)
        gaps = np.linalg.norm(window - self.resting.states[places], axis=2).max(0)
        for run, (row, place, gap) in enumerate(zip(rows, places, gaps, strict=True)):
            begin = updates - len(window)
            before = self.before.get(row, (-1, np.inf, 0))
            self.before[row] = (place, gap, begin)
            if before[0] == place and 0 < gap <= self.resting.radius[place]:
                nearer = np.log(gap / before[1])
                linear = self.resting.exponents[place, 0] * (begin - before[2])
                at_rate = abs(nearer - linear) <= RATE * abs(linear) and nearer <= -FALLEN
                if nearer <= np.log(NEARER) or at_rate:
                    ends[run] = place
        return ends


def at_rest(window: np.ndarray, slowest: float) -> np.ndarray:
    """Whether each run (run,) moved by less than `slowest` in each of its last two updates."""
    if len(window) < 3:
        return np.zeros(window.shape[1], dtype=bool)
    moves = np.linalg.norm(np.diff(window[-3:], axis=0), axis=2)
    return (moves < slowest).all(0)
