"""Shares of a number of trials, and how sure they are."""

import numpy as np

# Two-sided quantile of the normal distribution for intervals of 95 %.
QUANTILE = 1.959963984540054


def wilson_interval(counts: np.ndarray | int, trials: int) -> tuple[np.ndarray, np.ndarray]:
    """Bound shares of trials at 95 % (Wilson 1927, J. Am. Stat. Assoc. 22:209).

    Parameters
    ----------
    counts
        (share,) or one number, of the trials.
    trials
        Number of all trials; without any, bounds are NaN.

    Returns
    -------
    tuple
        Lower and upper bounds (share,).
    """
    counts = np.asarray(counts)
    if trials == 0:
        return np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    square = QUANTILE**2 / trials
    share = counts / trials
    centre = (share + square / 2) / (1 + square)
    half = np.sqrt(share * (1 - share) * square + square**2 / 4) / (1 + square)
    low, high = np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
    # Exactly, whatever rounding left.
    return np.where(counts == 0, 0.0, low), np.where(counts == trials, 1.0, high)
