"""Linear centred kernel alignment of two networks' states."""

import numpy as np

from rnnpipe.population.similarity.reduction import unit_rows


def cka(overlaps: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """One minus the linear CKA of states reduced to their principal components.

    Kornblith et al. 2019 (ICML 36, eq. 4): ||Y^T X||_F^2 / (||X^T X||_F ||Y^T Y||_F),
    which is ||S_i C S_j||_F^2 / (||S_i^2||_F ||S_j^2||_F) for X = basis_i S_i. Blind to
    rotation, reflection, shift and scale; the components of most variance decide.

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
    first, second = unit_rows(first**2), unit_rows(second**2)
    aligned = np.einsum("pi,pij,pj->p", first, overlaps**2, second, optimize=True)
    return np.clip(1 - aligned, 0.0, 1.0)
