"""Whether a network's nearest neighbour is of its own group."""

import numpy as np


def neighbour_accuracy(distances: np.ndarray, labels: np.ndarray) -> float:
    """Part of the networks whose nearest other network has the same label.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    labels
        (network,), the level of the factor.

    Returns
    -------
    float
        From 0 to 1. Among several nearest networks each counts its part, so that
        networks which are all alike give chance. NaN for fewer than two networks.
    """
    labels = np.asarray(labels)
    if len(labels) < 2:
        return np.nan
    others = np.where(np.eye(len(labels), dtype=bool), np.inf, distances)
    nearest = others == others.min(1, keepdims=True)
    same = labels[:, None] == labels
    return float(((nearest & same).sum(1) / nearest.sum(1)).mean())


def neighbour_chance(labels: np.ndarray) -> float:
    """The accuracy to expect of labels without meaning: Σ n_g (n_g - 1) / (N (N - 1)).

    NaN for fewer than two networks.
    """
    sizes = np.unique(labels, return_counts=True)[1]
    networks = sizes.sum()
    if networks < 2:
        return np.nan
    return float((sizes * (sizes - 1)).sum() / (networks * (networks - 1)))
