"""How often a circular quantity goes round along a curve."""

import numpy as np


def turned(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The shorter way from one angle to another, in [-pi, pi)."""
    return (after - before + np.pi) % (2 * np.pi) - np.pi


def turns(angles: np.ndarray, ring: bool) -> float:
    """Turns of an angle along a curve; of a ring, the way back to its start included.

    Parameters
    ----------
    angles
        (node,), radians, so densely sampled that no step is half a turn.
    ring
        Whether the last node is followed by the first: the number is then whole.
    """
    steps = turned(angles[1:], angles[:-1])
    total = steps.sum() + (turned(angles[0], angles[-1]) if ring else 0.0)
    return float(total / (2 * np.pi))
