"""A distance of transition graphs whose nodes cannot be matched: a Gromov-Wasserstein bound."""

import numpy as np

from rnnpipe.population.similarity.quantiles import profile_distances, quantile_profile

# Bins of the distribution of costs: a graph of 27 points has 729 costs, most of them 1.
BINS = 512


def transition_costs(transitions: np.ndarray) -> np.ndarray:
    """How far apart the points of one network are, by the transitions between them.

    Parameters
    ----------
    transitions
        (point, point + 1), as in `Skeleton`; what reaches no attractor leads nowhere.

    Returns
    -------
    np.ndarray
        (point, point): one minus the mean probability of going there and back,
        1 - (P + P^T) / 2; the diagonal is 0.
    """
    there = transitions[:, :-1]
    costs = 1 - (there + there.T) / 2
    np.fill_diagonal(costs, 0.0)
    return costs


def cost_profile(transitions: np.ndarray, bins: int = BINS) -> np.ndarray:
    """Distribution of the costs between all ordered pairs of a network's points.

    Returns
    -------
    np.ndarray
        (bin,), the quantile function; NaN for a network without points.
    """
    return quantile_profile(transition_costs(transitions).ravel(), bins)


def gromov_distances(profiles: np.ndarray) -> np.ndarray:
    """Lower bound of the Gromov-Wasserstein distance of all pairs of networks.

    The second lower bound of Mémoli 2011 (Found. Comput. Math. 11:417, section 6) for
    p = 2 and uniform weights of the nodes: the Wasserstein distance between the
    distributions of all entries of the two cost matrices. It is stated without
    Mémoli's factor of one half, so that it bounds the square root of what the library
    POT calls the Gromov-Wasserstein loss. Zero for a network with its points in another
    order, but also for different graphs with the same costs.

    Parameters
    ----------
    profiles
        (network, bin), of `cost_profile`.

    Returns
    -------
    np.ndarray
        (network, network), from 0 to 1; NaN off the diagonal for a network without
        points.
    """
    return profile_distances(profiles)
