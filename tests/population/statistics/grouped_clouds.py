"""Distances of points in groups, for the tests of statistics."""

import numpy as np
from scipy.spatial.distance import pdist, squareform


def cloud(rng: np.random.Generator, labels: np.ndarray, apart: float) -> np.ndarray:
    """Distances of unit Gaussian clouds in ten dimensions, one a label, at equal distances."""
    places = apart * np.eye(10)[labels]
    return squareform(pdist(places + rng.standard_normal(places.shape)))
