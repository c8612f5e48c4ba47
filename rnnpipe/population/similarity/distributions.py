"""Distances of distributions: of singular values of the weights, and of costs of transitions.

Each network becomes a profile, the quantile function of its values; distances of
profiles are Wasserstein distances.
"""

import numpy as np
from scipy.spatial.distance import pdist

from rnnpipe.population.similarity.matrix import from_pairs

# Length of the profile of singular values.
SINGULAR_BINS = 64
# Length of the profile of costs: a graph of 27 points has 729 costs, most of them 1.
COST_BINS = 512


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


def singular_profile(weights: np.ndarray) -> np.ndarray:
    """Distribution of the singular values of a recurrent matrix.

    Parameters
    ----------
    weights
        (post, pre), of any size; the gates of a gated cell may be stacked along post.

    Returns
    -------
    np.ndarray
        (bin,), the quantile function; NaN if a weight is not finite.
    """
    if not np.isfinite(weights).all():
        return np.full(SINGULAR_BINS, np.nan)
    values = np.linalg.svd(np.asarray(weights, dtype=np.float64), compute_uv=False)
    return quantile_profile(values, SINGULAR_BINS)


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


def transition_costs(transitions: np.ndarray) -> np.ndarray:
    """Compute how far apart the nodes of one network are, by the transitions between them.

    Parameters
    ----------
    transitions
        (node, node + 1), as in `Skeleton`; what reaches no attractor leads nowhere.

    Returns
    -------
    np.ndarray
        (node, node): one minus the mean probability of going there and back,
        1 - (P + P^T) / 2; the diagonal is 0.
    """
    there = transitions[:, :-1]
    costs = 1 - (there + there.T) / 2
    np.fill_diagonal(costs, 0.0)
    return costs


def cost_profile(transitions: np.ndarray) -> np.ndarray:
    """Distribution of the costs between all ordered pairs of a network's nodes.

    Returns
    -------
    np.ndarray
        (bin,), the quantile function; NaN for a network without nodes.
    """
    return quantile_profile(transition_costs(transitions).ravel(), COST_BINS)


def gromov_distances(profiles: np.ndarray) -> np.ndarray:
    """Lower bound of the Gromov-Wasserstein distance of all pairs of networks.

    The second lower bound of Mémoli 2011 (Found. Comput. Math. 11:417, section 6) for
    p = 2 and uniform weights of the nodes: the Wasserstein distance between the
    distributions of all entries of the two cost matrices. It is stated without
    Mémoli's factor of one half, so that it bounds the square root of what the library
    POT calls the Gromov-Wasserstein loss. Zero for a network with its nodes in another
    order, but also for different graphs with the same costs.

    Parameters
    ----------
    profiles
        (network, bin), of `cost_profile`.

    Returns
    -------
    np.ndarray
        (network, network), from 0 to 1; NaN off the diagonal for a network without
        nodes.
    """
    return profile_distances(profiles)
