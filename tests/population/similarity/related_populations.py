"""Small populations of known relation, for the tests of distances."""

import numpy as np
from scipy.stats import ortho_group

SAMPLES = 300


def states(rng: np.random.Generator, units: int = 12) -> np.ndarray:
    """States (sample, unit) of unequal variance along their components, off the origin."""
    mixing = rng.standard_normal((units, units)) * np.geomspace(1, 0.1, units)[:, None]
    return rng.standard_normal((SAMPLES, units)) @ mixing + 5 * rng.standard_normal(units)


def moved(array: np.ndarray, rng: np.random.Generator, scale: float = 1.0) -> np.ndarray:
    """The same states rotated or reflected, shifted and scaled."""
    units = array.shape[1]
    rotation = ortho_group.rvs(units, random_state=rng)
    return scale * array @ rotation + rng.standard_normal(units)


def assert_proper(distances: np.ndarray) -> None:
    """Exactly symmetric, exactly hollow, nowhere negative."""
    np.testing.assert_array_equal(distances, distances.T)
    assert (np.diag(distances) == 0).all()
    assert (distances[~np.isnan(distances)] >= 0).all()
