"""Where to start looking for fixed points."""

import numpy as np


def mixtures(states: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Random convex mixtures of three states.

    Fixed points lie between and around the states that a network visits, and
    saddles lie between stable points: mixtures reach all of these, harvested
    states alone do not.

    Parameters
    ----------
    states
        (state, unit).
    count
        Number of mixtures.
    rng
        Source of the triples (with replacement) and of their weights, which
        are Dirichlet(1, 1, 1), uniform on the triangle.

    Returns
    -------
    numpy.ndarray
        (count, unit).
    """
    triples = rng.integers(len(states), size=(count, 3))
    weights = rng.dirichlet(np.ones(3), size=count)
    return np.einsum("ck,cku->cu", weights, states[triples])


def noisy_mixtures(
    points: np.ndarray, count: int, distance: float, rng: np.random.Generator
) -> np.ndarray:
    """Random convex mixtures of three fixed points, displaced by Gaussian noise.

    Parameters
    ----------
    points
        (point, unit).
    count
        Number of mixtures.
    distance
        Root mean square length of the displacements, whatever the number of units.
    rng
        Source of mixtures and noise.

    Returns
    -------
    numpy.ndarray
        (count, unit).
    """
    units = points.shape[1]
    noise = rng.standard_normal((count, units)) * (distance / np.sqrt(units))
    return mixtures(points, count, rng) + noise
