"""How clearly the groups of a factor are clusters of networks."""

import numpy as np
from sklearn.metrics import silhouette_score


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
    return float(silhouette_score(distances, codes, metric="precomputed"))
