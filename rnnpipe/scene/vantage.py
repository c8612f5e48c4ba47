"""From which side a scene is looked at."""

from __future__ import annotations

from rnnpipe.figures.projection import PLACE, camera
from rnnpipe.scene.contents import Scene

# More points than these say nothing new.
_MARKED = 100


def vantage(scene: Scene) -> tuple[float, float]:
    """Elevation and azimuth (degrees) from which points, else slow curves, are best told apart."""
    marked = scene.points if len(scene.points) > 1 else scene.curves
    places = marked[PLACE].to_numpy(float)
    return camera(places[:: len(places) // _MARKED + 1])
