"""Fewer states of a network, and their leading principal components as an orthonormal basis."""

from dataclasses import dataclass

import numpy as np

# A component of less than this part of the states' norm is rounding: of float32, in which
# states may have been kept, and of the Gram matrix, which squares its factors.
NOISE = 1e-7


@dataclass(frozen=True)
class Reduced:
    """Networks of one population on the same samples, each reduced to k dimensions.

    Attributes
    ----------
    basis
        (network, sample, k) float64, the left singular vectors of the centred states,
        leading first: orthonormal columns, and columns of zeros beyond the rank.
    scale
        (network, k), the singular values; zero beyond the rank.
    """

    basis: np.ndarray
    scale: np.ndarray

    @property
    def rank(self) -> np.ndarray:
        """(network,), the number of dimensions that are not zero."""
        return np.count_nonzero(self.scale, axis=1)


def evenly(rows: int, most: int) -> np.ndarray:
    """Choose at most `most` of some rows, evenly spread, the first and the last among them."""
    return np.linspace(0, rows - 1, min(rows, most)).round().astype(int)


def reduce(states: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Reduce the states of one network to its k leading principal components.

    Parameters
    ----------
    states
        (sample, unit); samples are of the same inputs for every network.
    k
        Number of dimensions kept.

    Returns
    -------
    basis, scale
        (sample, k) and (k,), as in `Reduced`. Dimensions below `NOISE`, as all beyond
        the number of units, are zero.

    Raises
    ------
    ValueError
        If the states are no finite matrix of at least two samples, or k is below 1.
    """
    states = np.asarray(states, dtype=np.float64)
    if states.ndim != 2 or len(states) < 2:
        raise ValueError(f"states are (sample, unit) with 2 samples or more, not {states.shape}")
    if k < 1:
        raise ValueError(f"k is {k}; it must be at least 1")
    if not np.isfinite(states).all():
        raise ValueError("states hold NaN or infinity; leave out networks that diverged")
    norm = np.linalg.norm(states)
    states = states - states.mean(0)
    # The Gram matrix only chooses the subspace, ten times sooner than a decomposition of
    # the states does; lengths and orthogonality come from the states themselves.
    _, directions = np.linalg.eigh(states.T @ states)
    left, values, _ = np.linalg.svd(states @ directions[:, : -k - 1 : -1], full_matrices=False)
    rank = int(np.count_nonzero(values > NOISE * norm))
    basis, scale = np.zeros((len(states), k)), np.zeros(k)
    basis[:, :rank], scale[:rank] = left[:, :rank], values[:rank]
    return basis, scale
