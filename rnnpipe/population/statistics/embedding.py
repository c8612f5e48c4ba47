"""A map of a population: two coordinates per network that keep the distances."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import pdist, squareform

# At most so many are taken.
ITERATIONS = 300


@dataclass(frozen=True)
class Embedding:
    """Networks in the plane.

    Attributes
    ----------
    coordinates
        (network, 2), in the unit of the distances, their mean at the origin, the longer
        axis first.
    stress
        Kruskal's stress-1: 0 where the plane holds the distances exactly.
    """

    coordinates: np.ndarray
    stress: float


def embed(distances: np.ndarray, seed: int = 0) -> Embedding:
    """Place networks in the plane by metric multidimensional scaling.

    SMACOF of scikit-learn (Borg & Groenen 2005), started from classical scaling.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    seed
        Seed of scikit-learn; with the given start, nothing is random.

    Returns
    -------
    Embedding
        The axes are the principal ones, and the largest coordinate along each is
        positive. All at the origin, with stress 0, if all distances are zero.
    """
    networks = len(distances)
    if networks < 2 or not np.any(distances):
        return Embedding(np.zeros((networks, 2)), 0.0)
    if networks == 2:
        half = distances[0, 1] / 2
        return Embedding(np.array([[half, 0.0], [-half, 0.0]]), 0.0)
    # Imported where it is used: it takes half a second, and findings need it not.
    from sklearn.manifold import MDS

    # Scaled, so that the criterion to stop does not depend on the unit.
    unit = np.sqrt(np.mean(distances**2))
    model = MDS(
        2,
        metric="precomputed",
        init="classical_mds",
        n_init=1,
        max_iter=ITERATIONS,
        normalized_stress=False,
        random_state=seed,
    )
    placed = model.fit_transform(distances / unit, init=_classical(distances / unit))
    coordinates = _upright(unit * placed)
    return Embedding(coordinates, stress(distances, coordinates))


def stress(distances: np.ndarray, coordinates: np.ndarray) -> float:
    """Kruskal's stress-1 of coordinates (network, dimension).

    Kruskal 1964 (Psychometrika 29:1): the root of the sum of squared errors of the
    distances on the map, over the sum of squares of these distances.
    """
    drawn = pdist(coordinates)
    wrong = drawn - squareform(distances, checks=False)
    return float(np.sqrt((wrong**2).sum() / (drawn**2).sum()))


def _classical(distances: np.ndarray) -> np.ndarray:
    """Torgerson's scaling (Psychometrika 17:401), defined for any symmetric matrix."""
    squares = distances**2
    centred = squares - squares.mean(0) - squares.mean(1)[:, None] + squares.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    return vectors[:, :-3:-1] * np.sqrt(np.maximum(values[:-3:-1], 0))


def _upright(coordinates: np.ndarray) -> np.ndarray:
    """Centre coordinates and turn them to their principal axes, the largest entries positive."""
    centred = coordinates - coordinates.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    turned = centred @ axes.T
    largest = np.take_along_axis(turned, np.abs(turned).argmax(0)[None], axis=0)
    return turned * np.where(largest < 0, -1.0, 1.0)
