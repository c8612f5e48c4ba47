"""What every matrix of distances here is: symmetric, hollow, never negative."""

import numpy as np
from scipy.spatial.distance import squareform


def from_square(distances: np.ndarray) -> np.ndarray:
    """Make distances (network, network) that rounding left nearly so exactly proper.

    Entries below zero become zero, the diagonal zero, and what differs across it
    its mean. NaN stays, off the diagonal.
    """
    distances = np.maximum((distances + distances.T) / 2, 0.0)
    np.fill_diagonal(distances, 0.0)
    return distances


def from_pairs(distances: np.ndarray) -> np.ndarray:
    """Matrix (network, network) of condensed distances (pair,), in the order of ``pdist``."""
    return squareform(np.maximum(distances, 0.0), checks=False)
