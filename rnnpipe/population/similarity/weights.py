"""Distance of recurrent weights that no rotation and no order of the units changes."""

import numpy as np

from rnnpipe.population.similarity.quantiles import profile_distances, quantile_profile

BINS = 64


def singular_profile(weights: np.ndarray, bins: int = BINS) -> np.ndarray:
    """Distribution of the singular values of a recurrent matrix.

    Parameters
    ----------
    weights
        (post, pre), of any size; the gates of a gated cell may be stacked along post.
    bins
        Length of the profile.

    Returns
    -------
    np.ndarray
        (bin,), the quantile function; NaN if a weight is not finite.
    """
    if not np.isfinite(weights).all():
        return np.full(bins, np.nan)
    values = np.linalg.svd(np.asarray(weights, dtype=np.float64), compute_uv=False)
    return quantile_profile(values, bins)


def weight_distances(profiles: np.ndarray) -> np.ndarray:
    """Wasserstein distances (p = 2) of the singular values of all pairs of networks.

    Parameters
    ----------
    profiles
        (network, bin), of `singular_profile`.

    Returns
    -------
    np.ndarray
        (network, network), in units of gain; NaN off the diagonal where weights were
        not finite.
    """
    return profile_distances(profiles)
