"""Where runs start: at visited states, and anywhere in the box."""

import numpy as np

from rnnpipe.dynamics.maps import Dynamics

# Of a variable whose bounds are so many times as wide as what is visited, starts fill the
# visited range, widened, alone.
WIDE = 10.0
# By this share of its width the visited range is widened.
WIDENED = 0.5
# The visited range of a variable counts as at least so wide, relative to the states' spread.
NARROW = 0.1


def visited_starts(states: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `count` of the visited states (state, unit), or all if there are fewer."""
    return states[rng.permutation(len(states))[:count]]


def box_starts(
    dynamics: Dynamics, states: np.ndarray, spread: float, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw states uniformly from the box.

    Where the map has none, or bounds a variable more than ten times as widely
    as what is visited, the visited range widened by half takes its place.

    Parameters
    ----------
    dynamics
        The map and its box.
    states
        (state, unit), visited.
    spread
        Root mean square distance of the visited states from their mean.
    count
        Number of starts.
    rng
        Source of the starts.

    Returns
    -------
    numpy.ndarray
        (count, unit).
    """
    middle = (states.min(0) + states.max(0)) / 2
    half = (1 + WIDENED) * np.maximum(np.ptp(states, axis=0), NARROW * spread) / 2
    low, high = middle - half, middle + half
    if dynamics.box is not None:
        bounds = [corner.cpu().numpy().astype(np.float64) for corner in dynamics.box]
        wide = bounds[1] - bounds[0] > WIDE * 2 * half
        low = np.where(wide, np.maximum(low, bounds[0]), bounds[0])
        high = np.where(wide, np.minimum(high, bounds[1]), bounds[1])
    return rng.uniform(low, high, (count, len(low)))
