"""Matrices of distances: exactly symmetric, zero on the diagonal, NaN where nothing is known."""

import numpy as np
from scipy.spatial.distance import squareform


def from_square(distances: np.ndarray) -> np.ndarray:
    """Make distances (network, network) exactly symmetric and hollow, whatever rounding left.

    Entries below zero become zero, the diagonal zero, and entries that differ across
    the diagonal their mean. NaN stays, off the diagonal.
    """
    distances = np.maximum((distances + distances.T) / 2, 0.0)
    np.fill_diagonal(distances, 0.0)
    return distances


def from_pairs(distances: np.ndarray) -> np.ndarray:
    """Matrix (network, network) of condensed distances (pair,), in the order of ``pdist``."""
    return squareform(np.maximum(distances, 0.0), checks=False)


def comparable(distances: np.ndarray) -> np.ndarray:
    """Choose networks that can all be compared with each other.

    The network with most NaN is dropped first, the last of several with as many:
    few are dropped, though not provably the fewest.

    Parameters
    ----------
    distances
        (network, network), with NaN where two networks cannot be compared.

    Returns
    -------
    np.ndarray
        (kept,) int, growing; index rows and columns by ``np.ix_(kept, kept)``.
    """
    missing = np.isnan(distances) | np.isnan(distances.T)
    kept = np.ones(len(missing), dtype=bool)
    counts = missing.sum(1)
    while counts.any():
        worst = len(counts) - 1 - int(counts[::-1].argmax())
        kept[worst] = False
        counts = np.where(kept, counts - missing[worst], 0)
    return np.flatnonzero(kept)
