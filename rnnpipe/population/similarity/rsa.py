"""Representational similarity analysis: do two networks tell the same inputs apart?"""

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist

from rnnpipe.population.similarity.matrix import from_square
from rnnpipe.population.similarity.reduction import evenly

# Samples whose distances are compared: 19,900 pairs, 160 kB per network.
SAMPLES = 200


def dissimilarities(states: np.ndarray, samples: int = SAMPLES) -> np.ndarray:
    """Compute the Euclidean distances between states of one network.

    Kriegeskorte et al. 2008 (Front. Syst. Neurosci. 2:4).

    Parameters
    ----------
    states
        (sample, unit), on the same inputs for every network.
    samples
        Largest number of states that are compared, evenly chosen.

    Returns
    -------
    np.ndarray
        (pair,), in the order of ``scipy.spatial.distance.pdist``.
    """
    chosen = evenly(len(states), samples)
    return pdist(np.asarray(states, dtype=np.float64)[chosen])


def rsa(vectors: np.ndarray) -> np.ndarray:
    """One minus Spearman's correlation of the dissimilarities of all pairs of networks.

    Invariant to rotation, reflection, shift, scale, and any growing function of distance.

    Parameters
    ----------
    vectors
        (network, pair), of `dissimilarities`.

    Returns
    -------
    np.ndarray
        (network, network), from 0 to 2; NaN off the diagonal for a network whose
        dissimilarities are all equal or hold NaN.
    """
    ranks = pd.DataFrame(vectors).rank(axis=1).to_numpy()
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(ranks, axis=1, keepdims=True)
    ranks = ranks / np.where(norm > 0, norm, np.nan)
    return from_square(1 - ranks @ ranks.T)
