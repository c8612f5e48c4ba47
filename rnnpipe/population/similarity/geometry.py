"""Distances of the states on identical inputs: SVCCA, Procrustes angle and linear CKA.

All three compare the leading principal components of two networks, and share one pass
over the overlaps of all pairs of networks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnnpipe.population.similarity.reduction import Reduced

GEOMETRIC = ("svcca", "procrustes", "cka")
# Networks along one side of a tile: with k = 10, 33 MB of overlaps.
SIDE = 64


def geometric_distances(reduced: Reduced, side: int = SIDE) -> dict[str, np.ndarray]:
    """Compute the distances of all pairs of networks by SVCCA, Procrustes angle and linear CKA.

    Parameters
    ----------
    reduced
        The networks, on the same samples in the same order.
    side
        Networks along a side of the tiles that the pairs are taken in.

    Returns
    -------
    dict
        `GEOMETRIC` -> (network, network); a row of a network whose states never vary
        is NaN off the diagonal.
    """
    scale, rank = reduced.scale, reduced.rank
    distances = {name: np.zeros((len(scale), len(scale))) for name in GEOMETRIC}
    for tile in tiles(reduced.basis, side):
        i, j = tile.first, tile.second
        found = {
            "svcca": svcca(tile.overlaps, rank[i], rank[j]),
            "procrustes": procrustes(tile.overlaps, scale[i], scale[j]),
            "cka": cka(tile.overlaps, scale[i], scale[j]),
        }
        for name, values in found.items():
            distances[name][i, j] = distances[name][j, i] = values
    return distances


def svcca(overlaps: np.ndarray, first_rank: np.ndarray, second_rank: np.ndarray) -> np.ndarray:
    """One minus the mean canonical correlation of the leading principal components.

    Raghu et al. 2017 (NeurIPS 30), with k components for every network as in
    Maheswaranathan et al. 2019 (NeurIPS 32). Between orthonormal bases the canonical
    correlations are the singular values of the overlap. Invariant to rotation,
    reflection, shift and any scaling of the components.

    Parameters
    ----------
    overlaps
        (pair, k, k), of orthonormal bases.
    first_rank, second_rank
        (pair,). The mean is over the smaller rank, as many correlations as two spaces
        of unequal dimension have: a network of fewer dimensions is at 0 from one whose
        states contain its own.

    Returns
    -------
    np.ndarray
        (pair,), from 0 (the same subspace) to 1 (orthogonal); NaN where a network's
        states never vary.
    """
    total = np.linalg.svd(overlaps, compute_uv=False).sum(-1)
    shared = np.minimum(first_rank, second_rank).astype(np.float64)
    shared[shared == 0] = np.nan
    return np.clip(1 - total / shared, 0.0, 1.0)


def procrustes(overlaps: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Angle between the states of two networks after the best rotation.

    Williams et al. 2021 (NeurIPS 34, eq. 5): arccos of the nuclear norm of X^T Y over
    the Frobenius norms of X and Y, which is arccos(||S_i C S_j||_* / (||S_i|| ||S_j||))
    for X = basis_i S_i. A metric; invariant to rotation, reflection, shift and scale.

    Parameters
    ----------
    overlaps
        (pair, k, k), C.
    first, second
        (pair, k), the singular values S of either network.

    Returns
    -------
    np.ndarray
        (pair,), radians from 0 to pi/2; NaN where a network's states never vary. Near
        zero, arccos turns rounding of 1e-16 into 1e-8 radians.
    """
    first, second = _unit_rows(first), _unit_rows(second)
    weighted = first[:, :, None] * overlaps * second[:, None, :]
    # LAPACK takes no NaN; the network without variance gets its NaN afterwards.
    nuclear = np.linalg.svd(np.nan_to_num(weighted), compute_uv=False).sum(-1)
    nuclear[np.isnan(weighted).any((1, 2))] = np.nan
    return np.arccos(np.clip(nuclear, 0.0, 1.0))


def cka(overlaps: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """One minus the linear centred kernel alignment (CKA) of the states.

    Kornblith et al. 2019 (ICML 36, eq. 4): ||Y^T X||_F^2 / (||X^T X||_F ||Y^T Y||_F),
    which is ||S_i C S_j||_F^2 / (||S_i^2||_F ||S_j^2||_F) for X = basis_i S_i. Invariant
    to rotation, reflection, shift and scale; the components of most variance decide.

    Parameters
    ----------
    overlaps
        (pair, k, k), C.
    first, second
        (pair, k), the singular values S of either network.

    Returns
    -------
    np.ndarray
        (pair,), from 0 to 1; NaN where a network's states never vary.
    """
    first, second = _unit_rows(first**2), _unit_rows(second**2)
    aligned = np.einsum("pi,pij,pj->p", first, overlaps**2, second, optimize=True)
    return np.clip(1 - aligned, 0.0, 1.0)


def _unit_rows(scale: np.ndarray) -> np.ndarray:
    """Rows (pair, k) of unit length; NaN for a row that is zero throughout."""
    norm = np.linalg.norm(scale, axis=1, keepdims=True)
    return scale / np.where(norm > 0, norm, np.nan)


@dataclass(frozen=True)
class Tile:
    """Overlaps of some pairs; each pair of a population is in exactly one tile.

    Attributes
    ----------
    first, second
        (pair,), the numbers of the two networks, first < second.
    overlaps
        (pair, k, k), ``basis[first].T @ basis[second]``.
    """

    first: np.ndarray
    second: np.ndarray
    overlaps: np.ndarray


def tiles(basis: np.ndarray, side: int = SIDE) -> Iterator[Tile]:
    """Go through the upper triangle of pairs, one matrix product per tile.

    Parameters
    ----------
    basis
        (network, sample, k).
    side
        Networks along a side of a tile; memory grows with its square.
    """
    networks, _, k = basis.shape
    for top in range(0, networks, side):
        rows = _columns(basis[top : top + side])
        for left in range(top, networks, side):
            columns = rows if left == top else _columns(basis[left : left + side])
            blocks = (rows @ columns.T).reshape(len(rows) // k, k, len(columns) // k, k)
            first, second = np.indices(blocks.shape[::2]).reshape(2, -1)
            kept = top + first < left + second
            first, second = first[kept], second[kept]
            if len(first):
                yield Tile(top + first, left + second, blocks[first, :, second])


def _columns(basis: np.ndarray) -> np.ndarray:
    """Columns (network * k, sample) of bases (network, sample, k)."""
    return np.ascontiguousarray(basis.transpose(0, 2, 1)).reshape(-1, basis.shape[1])
