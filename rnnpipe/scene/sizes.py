"""How thick the parts of a scene are drawn, relative to its extent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.distances import distances_between
from rnnpipe.figures.projection import PLACE
from rnnpipe.scene.contents import Scene

_SPHERE, _SMALLEST = 0.022, 0.008
# Points that crowd are drawn smaller: this share of the distance to the neighbour.
_CROWDED = 0.45


@dataclass(frozen=True)
class Sizes:
    """Radii in units of the scene.

    Attributes
    ----------
    extent
        Widest range of what is drawn.
    point
        Of a fixed point.
    mode, continuum, run, edge, path
        Of tubes along unstable eigenvectors, continua, runs off the points, transitions of
        probability 1, and trajectories.
    """

    extent: float
    point: float
    mode: float
    continuum: float
    run: float
    edge: float
    path: float


def sizes(scene: Scene) -> Sizes:
    """Radii that suit a scene."""
    places = scene.places
    extent = (float(np.ptp(places, axis=0).max()) if len(places) else 0.0) or 1.0
    point = _SPHERE * extent
    for _, own in scene.points.groupby("probe"):
        if len(own) > 1:
            own_places = own[PLACE].to_numpy(float)
            apart = distances_between(own_places, own_places)
            np.fill_diagonal(apart, np.inf)
            point = min(point, _CROWDED * float(np.median(apart.min(1))))
    point = max(point, _SMALLEST * extent)
    return Sizes(
        extent=extent,
        point=point,
        mode=0.36 * point,
        continuum=0.006 * extent,
        run=0.0032 * extent,
        edge=0.006 * extent,
        path=0.0008 * extent,
    )
