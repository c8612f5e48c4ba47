"""How far states lie from their mean: the unit of length of a network."""

import numpy as np


def deviation(states: np.ndarray) -> float:
    """Compute the root mean square distance of states (state, unit) from their mean."""
    return float(np.sqrt(np.square(states - states.mean(0)).sum(1).mean()))


def spread(states: np.ndarray) -> float:
    """Compute the `deviation` of visited states (state, unit), in which lengths are measured.

    States that do not differ have no scale of their own: their spread is 1,
    the scale of an activation.
    """
    distance, scale = deviation(states), float(np.abs(states).max(initial=0.0))
    return distance if distance > 1e-12 * max(scale, 1.0) else 1.0
