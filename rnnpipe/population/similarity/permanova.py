"""How much of the variance of distances a factor explains: PERMANOVA."""

from dataclasses import dataclass

import numpy as np
from skbio.stats.distance import DistanceMatrix
from skbio.stats.distance import permanova as skbio_permanova


@dataclass(frozen=True)
class Permanova:
    """Variance of the distances within and between groups.

    Attributes
    ----------
    networks, groups
        How many of either there are.
    r2
        Part of the sum of squares that lies between groups.
    f
        Pseudo-F.
    p
        Part of the permutations of labels, the real one among them, with an F as high.
    """

    networks: int
    groups: int
    r2: float
    f: float
    p: float


def permanova(
    distances: np.ndarray, labels: np.ndarray, seed: int, permutations: int = 999
) -> Permanova:
    """Test whether networks of one group are closer to each other than to the others.

    Anderson 2001 (Austral Ecol. 26:32), computed by scikit-bio. R2 follows from F:
    F = (SS_b / (g - 1)) / (SS_w / (N - g)) and R2 = SS_b / (SS_b + SS_w).

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN (see `finite`).
    labels
        (network,), the level of the factor, of any type that can be sorted.
    seed
        Of the permutations.

    Returns
    -------
    Permanova
        NaN in r2, f and p where nothing can be told: one group, groups of single
        networks only, or distances all zero.
    """
    _, codes = np.unique(labels, return_inverse=True)
    networks, groups = len(codes), len(set(codes))
    if groups < 2 or groups == networks or not np.any(distances):
        return Permanova(networks, groups, np.nan, np.nan, np.nan)
    matrix = DistanceMatrix(np.ascontiguousarray(distances, dtype=np.float64))
    # Within groups all distances may be zero: F is infinite, and everything is explained.
    with np.errstate(divide="ignore"):
        result = skbio_permanova(matrix, codes, permutations=permutations, seed=seed)
    f = float(result["test statistic"])
    between = f * (groups - 1)
    r2 = 1.0 if np.isinf(f) else between / (between + networks - groups)
    return Permanova(networks, groups, r2, f, float(result["p-value"]))
