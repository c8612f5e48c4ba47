"""From state space to the page: principal components, oblique cubes, and a camera."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rnnpipe.tables.parquet import matrix

# Columns of a place along three principal components, and of the way from there to a tip.
PLACE = ["pc1", "pc2", "pc3"]
TIP = ["dpc1", "dpc2", "dpc3"]
# Direction and shortening of the third axis in an oblique drawing of a cube.
_OBLIQUE = np.array([0.47, 0.31])


def project(states: np.ndarray, components: pd.DataFrame, dimensions: int) -> np.ndarray:
    """Coordinates of states along the first principal components.

    Parameters
    ----------
    states
        States, (point, unit).
    components
        Rows of one network: component, direction (unit,), mean (unit,).
    dimensions
        Components kept; where there are fewer the rest are 0.

    Returns
    -------
    Array (point, dimensions).
    """
    return _along(states - matrix(components["mean"].iloc[:1]), components, dimensions)


def project_vectors(vectors: np.ndarray, components: pd.DataFrame, dimensions: int) -> np.ndarray:
    """Coordinates of directions, such as eigenvectors: as ``project``, the mean left alone."""
    return _along(vectors, components, dimensions)


def _along(vectors: np.ndarray, components: pd.DataFrame, dimensions: int) -> np.ndarray:
    ordered = components.sort_values("component").iloc[:dimensions]
    coordinates = vectors @ matrix(ordered["direction"]).T
    return np.pad(coordinates, ((0, 0), (0, dimensions - coordinates.shape[1])))


def placed(
    rows: pd.DataFrame, components: pd.DataFrame, columns: Sequence[str] = PLACE
) -> pd.DataFrame:
    """Replace the column ``state`` of one network's rows by coordinates in these columns."""
    if len(rows):
        places = project(matrix(rows["state"]), components, len(columns))
    else:
        places = np.empty((0, len(columns)))
    rows = rows.drop(columns="state").reset_index(drop=True)
    return rows.assign(**dict(zip(columns, places.T, strict=True)))


def beyond(places: np.ndarray, others: np.ndarray, share: float) -> np.ndarray:
    """Find the places far off others.

    Parameters
    ----------
    places
        (place, dimension).
    others
        (other, dimension), at least one.
    share
        How far off, as a share of the widest extent of the others.

    Returns
    -------
    Whether each place lies outside of the others' box by more than that, (place,).
    """
    low, high = others.min(axis=0), others.max(axis=0)
    margin = share * (high - low).max()
    return ((places < low - margin) | (places > high + margin)).any(axis=1)


def oblique(points: np.ndarray) -> np.ndarray:
    """Cabinet projection of points in three dimensions: (point, 3) to (point, 2).

    The first axis runs right, the second up, the third back (right and up, shortened), so that a
    cube looks like a cube and none of the 27 points {-1, 0, 1}^3 hides another.
    """
    return points[:, :2] + points[:, 2:3] * _OBLIQUE


def view(points: np.ndarray, elevation: float, azimuth: float) -> np.ndarray:
    """Parallel projection as a camera sees it: (point, 3) to (point, 2); angles in degrees."""
    e, a = np.deg2rad([elevation, azimuth])
    right = np.array([-np.sin(a), np.cos(a), 0.0])
    up = np.array([-np.sin(e) * np.cos(a), -np.sin(e) * np.sin(a), np.cos(e)])
    return points @ np.stack([right, up], axis=1)


def camera(points: np.ndarray) -> tuple[float, float]:
    """Elevation and azimuth (degrees) from which the two closest points lie farthest apart.

    Looking along a cube's diagonal or edge puts points behind one another; this camera does not.
    With fewer than two points a usual view is returned.
    """
    if len(points) < 2:
        return 20.0, -60.0
    spread = np.ptp(points, axis=0).max() or 1.0
    scaled = points / spread
    upper = np.triu_indices(len(points), k=1)

    def clearance(angles: tuple[float, float]) -> float:
        seen = view(scaled, *angles)
        return float(np.linalg.norm(seen[upper[0]] - seen[upper[1]], axis=1).min())

    candidates = [(float(e), float(a)) for e in range(12, 37, 4) for a in range(-70, -15, 5)]
    return max(candidates, key=clearance)
