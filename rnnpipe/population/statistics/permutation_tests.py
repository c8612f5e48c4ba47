"""Mantel's permutation test on distances, and the correction for several tests."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control


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
    # Imported where it is used: it takes seconds, and imports torch where that is installed.
    from skbio.stats.distance import mantel as skbio_mantel

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
