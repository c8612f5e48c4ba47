"""Networks that can all be compared with each other."""

import numpy as np


def comparable(distances: np.ndarray) -> np.ndarray:
    """Drop networks until no distance is NaN.

    The network with most NaN goes first, the last of them where several have as many:
    few go, though not provably the fewest.

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
