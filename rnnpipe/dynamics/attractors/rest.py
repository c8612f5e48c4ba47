"""Runs that end at rest, at points that are known and at others."""

import numpy as np
from scipy.spatial.distance import cdist

from rnnpipe.dynamics.attractors.points import Resting

# A run that approaches a point has come nearer by this factor within the states looked at.
NEARER = 0.3
# So near, relative to the radius, a run that does not leave again has arrived.
ARRIVED = 1e-3
PARTS = 4


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
    if len(resting.states) == 0:
        return np.full(window.shape[1], -1)
    places = cdist(window[-1], resting.states).argmin(1)
    radius = resting.radius[places]
    length = len(window) // PARTS * PARTS
    distance = np.linalg.norm(window[-length:] - resting.states[places], axis=2)
    farthest = distance.reshape(PARTS, -1, window.shape[1]).max(1)
    approaching = (np.diff(farthest, axis=0) <= 0).all(0)
    nearer = approaching & (farthest[-1] <= NEARER * farthest[0])
    close = (farthest[-1] <= ARRIVED * radius) & (farthest[-1] <= farthest[0])
    return np.where((farthest[-1] <= radius) & (nearer | close), places, -1)


def at_rest(window: np.ndarray, slowest: float) -> np.ndarray:
    """Whether each run (run,) moved by less than `slowest` in each of its last two updates."""
    if len(window) < 3:
        return np.zeros(window.shape[1], dtype=bool)
    moves = np.linalg.norm(np.diff(window[-3:], axis=0), axis=2)
    return (moves < slowest).all(0)
