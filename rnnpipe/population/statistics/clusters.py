"""How clearly the groups of a factor are clusters: silhouette and nearest neighbours."""

import numpy as np


def silhouette(distances: np.ndarray, labels: np.ndarray) -> float:
    """Mean silhouette of all networks, by scikit-learn.

    Rousseeuw 1987 (J. Comput. Appl. Math. 20:53).

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    labels
        (network,), the level of the factor.

    Returns
    -------
    float
        From -1 to 1; NaN for one group, or for groups of single networks only.
    """
    _, codes = np.unique(labels, return_inverse=True)
    if not 2 <= len(set(codes)) <= len(codes) - 1:
        return np.nan
    # Imported where it is used: it takes half a second, and findings need it not.
    from sklearn.metrics import silhouette_score

    return float(silhouette_score(distances, codes, metric="precomputed"))


def neighbour_accuracy(distances: np.ndarray, labels: np.ndarray) -> float:
    """Share of the networks whose nearest other network has the same label.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    labels
        (network,), the level of the factor.

    Returns
    -------
    float
        From 0 to 1. Several nearest networks count equal parts, so that networks
        that are all alike give chance. NaN for fewer than two networks.
    """
    labels = np.asarray(labels)
    if len(labels) < 2:
        return np.nan
    others = np.where(np.eye(len(labels), dtype=bool), np.inf, distances)
    nearest = others == others.min(1, keepdims=True)
    same = labels[:, None] == labels
    return float(((nearest & same).sum(1) / nearest.sum(1)).mean())


def neighbour_chance(labels: np.ndarray) -> float:
    """Accuracy to expect of labels without meaning: Σ n_g (n_g - 1) / (N (N - 1)).

    NaN for fewer than two networks.
    """
    sizes = np.unique(labels, return_counts=True)[1]
    networks = sizes.sum()
    if networks < 2:
        return np.nan
    return float((sizes * (sizes - 1)).sum() / (networks * (networks - 1)))
