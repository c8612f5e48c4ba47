"""The angle between two networks' states after the best rotation."""

import numpy as np

from rnnpipe.population.similarity.reduction import unit_rows


def procrustes(overlaps: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Angular Procrustes distance of states reduced to their principal components.

    Williams et al. 2021 (NeurIPS 34, eq. 5): arccos of the nuclear norm of X^T Y over
    the Frobenius norms of X and Y, which is arccos(||S_i C S_j||_* / (||S_i|| ||S_j||))
    for X = basis_i S_i. A metric, blind to rotation, reflection, shift and scale.

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
    first, second = unit_rows(first), unit_rows(second)
    weighted = first[:, :, None] * overlaps * second[:, None, :]
    # LAPACK takes no NaN; the network without variance gets its NaN afterwards.
    nuclear = np.linalg.svd(np.nan_to_num(weighted), compute_uv=False).sum(-1)
    nuclear[np.isnan(weighted).any((1, 2))] = np.nan
    return np.arccos(np.clip(nuclear, 0.0, 1.0))
