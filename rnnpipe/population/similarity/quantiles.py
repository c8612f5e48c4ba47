"""Distributions on the line as vectors whose distance is a Wasserstein distance."""

import numpy as np
from scipy.spatial.distance import pdist

from rnnpipe.population.similarity.matrix import from_pairs


def quantile_profile(values: np.ndarray, bins: int) -> np.ndarray:
    """Quantile function of equally weighted values, averaged within equal bins of [0, 1].

    Averaging is a projection, which makes no distance longer: the distance of two
    profiles never exceeds the Wasserstein distance (p = 2) of the distributions, and
    equals it where each number of values divides the number of bins.

    Parameters
    ----------
    values
        (value,), in any order.
    bins
        Length of the profile, common to all that are compared.

    Returns
    -------
    np.ndarray
        (bin,), growing; NaN if there are no values or one of them is not finite.
    """
    if not len(values) or not np.isfinite(values).all():
        return np.full(bins, np.nan)
    integral = np.concatenate([[0.0], np.cumsum(np.sort(values))]) / len(values)
    edges = np.linspace(0, 1, bins + 1)
    return np.diff(np.interp(edges, np.linspace(0, 1, len(integral)), integral)) * bins


def profile_distances(profiles: np.ndarray) -> np.ndarray:
    """Root-mean-square differences of all pairs of profiles (network, bin).

    Returns
    -------
    np.ndarray
        (network, network), in the unit of the values; NaN off the diagonal for a
        profile with NaN.
    """
    return from_pairs(pdist(profiles) / np.sqrt(profiles.shape[1]))
