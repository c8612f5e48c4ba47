"""Where a scene is seen from, and where on the picture each of its places lies."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rnnpipe.figures.projection import PLACE, camera
from rnnpipe.scene.contents import Scene

# Vertical angle of view in degrees: near enough to show depth, far enough to keep shapes.
ANGLE = 24.0
_UP = np.array([0.0, 0.0, 1.0])
# At most about so many points decide from where they are seen best.
_MARKED = 100


@dataclass(frozen=True)
class View:
    """A camera.

    Attributes
    ----------
    elevation, azimuth
        Direction from which it looks, degrees.
    centre
        Point (3,) in the middle of the picture.
    distance
        From there to the camera.
    """

    elevation: float
    azimuth: float
    centre: np.ndarray
    distance: float

    @property
    def towards(self) -> np.ndarray:
        """Unit vector (3,) from the centre to the camera."""
        e, a = np.deg2rad([self.elevation, self.azimuth])
        return np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])

    @property
    def position(self) -> np.ndarray:
        """Place (3,) of the camera."""
        return self.centre + self.distance * self.towards

    @property
    def up(self) -> np.ndarray:
        """Direction (3,) that is up in the picture."""
        return np.cross(self.towards, self.right)

    @property
    def right(self) -> np.ndarray:
        """Direction (3,) that is to the right in the picture."""
        across = np.cross(_UP, self.towards)
        return across / np.linalg.norm(across)

    def seen(self, places: np.ndarray, aspect: float) -> np.ndarray:
        """Where places (place, 3) lie on the picture, (place, 2), from 0 to 1, origin below left.

        Parameters
        ----------
        places
            What is seen.
        aspect
            Width of the picture over its height.
        """
        offset = places - self.centre
        depth = self.distance - offset @ self.towards
        half = np.tan(np.deg2rad(ANGLE) / 2)
        plane = np.stack([offset @ self.right / aspect, offset @ self.up], axis=1)
        return 0.5 + 0.5 * plane / (half * depth[:, None])

    def turned(self, degrees: float) -> View:
        """The camera, moved around the vertical axis through the centre."""
        return replace(self, azimuth=self.azimuth + degrees)


def fitted(
    elevation: float,
    azimuth: float,
    places: np.ndarray,
    aspect: float,
    room: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0),
) -> View:
    """The nearest camera that sees all places within a part of the picture.

    Parameters
    ----------
    elevation, azimuth
        Direction to look from, degrees.
    places
        (place, 3).
    aspect
        Width of the picture over its height.
    room
        Left, lower, right and upper end of the part that they are to lie in, from 0 to 1.
    """
    left, low, right, high = room
    view = View(elevation, azimuth, (places.min(0) + places.max(0)) / 2, 1.0)
    extent = np.linalg.norm(np.ptp(places, axis=0)) or 1.0
    view = replace(view, distance=4 * extent)
    half = np.tan(np.deg2rad(ANGLE) / 2)
    # Size and place depend on each other through the perspective, weakly.
    for _ in range(30):
        seen = view.seen(places, aspect)
        first, last = seen.min(0), seen.max(0)
        scale = ((last - first) / (right - left, high - low)).max()
        middle = (first + last) / 2 - ((left + right) / 2, (low + high) / 2)
        reach = 2 * half * view.distance
        shift = middle[0] * aspect * view.right + middle[1] * view.up
        view = replace(view, centre=view.centre + reach * shift)
        view = replace(view, distance=view.distance * scale)
    return view


def vantage(scene: Scene) -> tuple[float, float]:
    """Elevation and azimuth (degrees) from which points, or else continua, are seen best apart."""
    marked = scene.points if len(scene.points) > 1 else scene.continua
    places = marked[PLACE].to_numpy(float)
    return camera(places[:: len(places) // _MARKED + 1])
