"""SVCCA: how far the subspaces that two networks visit agree."""

import numpy as np


def svcca(overlaps: np.ndarray, first_rank: np.ndarray, second_rank: np.ndarray) -> np.ndarray:
    """One minus the mean canonical correlation of the leading principal components.

    Raghu et al. 2017 (NeurIPS 30), with k components for every network as in
    Maheswaranathan et al. 2019 (NeurIPS 32). Between orthonormal bases the canonical
    correlations are the singular values of the overlap. Blind to rotation, reflection,
    shift and any scaling of the components.

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
