"""Where runs start: at visited states, and anywhere in the box."""

import numpy as np

from rnnpipe.dynamics.fixed_points.starts import whole_range
from rnnpipe.dynamics.maps import Dynamics


def visited_starts(states: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `count` of the visited states (state, unit), or all if there are fewer."""
    return states[rng.permutation(len(states))[:count]]


def box_starts(
    dynamics: Dynamics, states: np.ndarray, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw states uniformly from the range in which the search for points looks, too.

    Parameters
    ----------
    dynamics
        The map and its box.
    states
        (state, unit), visited.
    count
        Number of starts.
    rng
        Source of the starts.

    Returns
    -------
    numpy.ndarray
        (count, unit).
    """
    return rng.uniform(*whole_range(dynamics, states), (count, dynamics.units))
