"""The leading principal components of a network's states, as an orthonormal basis."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

# A component of less than this part of the states' norm is rounding: of float32, in which
# states may have been kept, and of the Gram matrix, which squares what it is made of.
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
        """(network,), the dimensions that are not empty."""
        return np.count_nonzero(self.scale, axis=1)


def reduce(states: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Reduce the states of one network to its k leading principal components.

    Parameters
    ----------
    states
        (sample, unit); the samples are the same inputs for every network.
    k
        Dimensions kept.

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
        raise ValueError(f"states are (sample, unit) of 2 samples or more, not {states.shape}")
    if k < 1:
        raise ValueError(f"k is {k}; a network is reduced to at least 1 dimension")
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


def reduce_all(population: Iterable[np.ndarray], networks: int, k: int) -> Reduced:
    """Reduce networks one at a time, as they are read.

    Parameters
    ----------
    population
        States (sample, unit) of each network; units may differ, samples may not.
    networks
        How many there are, so that memory is taken once: 8 k bytes a sample and network.
    k
        Dimensions kept.

    Raises
    ------
    ValueError
        If a network cannot be reduced, has other samples than the first, or the
        networks are not as many as announced; with the network's number.
    """
    basis, scale, count = np.zeros((0, 0, k)), np.zeros((networks, k)), 0
    for count, states in enumerate(population, 1):
        if count > networks:
            raise ValueError(f"{networks} networks were announced; there are more")
        if count == 1:
            basis = np.zeros((networks, len(states), k))
        if len(states) != basis.shape[1]:
            raise ValueError(
                f"network {count - 1} has {len(states)} samples, the first {basis.shape[1]}: "
                "geometry compares states on the same inputs"
            )
        try:
            basis[count - 1], scale[count - 1] = reduce(states, k)
        except ValueError as error:
            raise ValueError(f"network {count - 1}: {error}") from error
    if count != networks:
        raise ValueError(f"{networks} networks were announced, {count} came")
    return Reduced(basis, scale)


def unit_rows(scale: np.ndarray) -> np.ndarray:
    """Rows (network, k) of unit length; NaN for one that is zero throughout."""
    norm = np.linalg.norm(scale, axis=1, keepdims=True)
    return scale / np.where(norm > 0, norm, np.nan)
