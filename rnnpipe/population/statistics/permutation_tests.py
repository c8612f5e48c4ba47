"""Permutation tests on distances: PERMANOVA and Mantel, and the correction for several tests."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control
from skbio.stats.distance import DistanceMatrix
from skbio.stats.distance import mantel as skbio_mantel
from skbio.stats.distance import permanova as skbio_permanova


@dataclass(frozen=True)
class Permanova:
    """Variance of the distances within and between groups.

    Attributes
    ----------
    networks, groups
        Number of networks and of groups.
    r2
        Share of the sum of squares that lies between groups.
    f
        Pseudo-F.
    p
        Share of the permutations of labels, the real one among them, with an F as high.
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
        (network, network), symmetric, hollow, without NaN (see `matrix.comparable`).
    labels
        (network,), the level of the factor, of any type that can be sorted.
    seed
        Of the permutations.

    Returns
    -------
    Permanova
        NaN in r2, f and p for one group, groups of single networks only, or distances
        all zero.
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


@dataclass(frozen=True)
class Mantel:
    """Correlation of the distances of all pairs under two metrics.

    Attributes
    ----------
    networks
        Number of networks that both metrics compare.
    r
        The correlation.
    p
        Two-sided, by permutation of the networks of one matrix.
    """

    networks: int
    r: float
    p: float


def mantel(
    first: np.ndarray,
    second: np.ndarray,
    seed: int,
    method: str = "spearman",
    permutations: int = 999,
) -> Mantel:
    """Correlate two distance matrices of the same networks, by scikit-bio.

    Mantel 1967 (Cancer Res. 27:209).

    Parameters
    ----------
    first, second
        (network, network), symmetric, hollow, without NaN; rows in the same order.
    seed
        Of the permutations.
    method
        ``spearman`` or ``pearson``.

    Returns
    -------
    Mantel
        NaN in r and p for fewer than three networks or distances all equal.

    Raises
    ------
    ValueError
        If the matrices differ in shape.
    """
    if first.shape != second.shape:
        raise ValueError(f"matrices of {first.shape} and {second.shape} hold different networks")
    networks = len(first)
    above = np.triu_indices(networks, 1)
    if networks < 3 or any(np.ptp(matrix[above]) == 0 for matrix in (first, second)):
        return Mantel(networks, np.nan, np.nan)
    matrices = (np.ascontiguousarray(matrix, dtype=np.float64) for matrix in (first, second))
    r, p, _ = skbio_mantel(*matrices, method=method, permutations=permutations, seed=seed)
    return Mantel(networks, float(r), float(p))


def adjusted(p: np.ndarray) -> np.ndarray:
    """Adjust p values of one family of tests to control the false discovery rate.

    Benjamini & Hochberg 1995 (J. R. Stat. Soc. B 57:289), by SciPy.

    Parameters
    ----------
    p
        (test,); NaN for a test that could not be made, which does not count as one.

    Returns
    -------
    np.ndarray
        (test,), never below p; NaN where p is.
    """
    p = np.asarray(p, dtype=np.float64)
    result = np.full(p.shape, np.nan)
    made = ~np.isnan(p)
    if made.any():
        result[made] = false_discovery_control(p[made])
    return result
