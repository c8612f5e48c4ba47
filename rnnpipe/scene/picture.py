"""A scene as a picture for print."""

from __future__ import annotations

import io

import numpy as np
import vedo

from rnnpipe.figures import style
from rnnpipe.figures.projection import camera
from rnnpipe.scene import box, solid
from rnnpipe.scene.contents import PLACE, Scene
from rnnpipe.scene.overlay import WIDTH_INCHES, overlay
from rnnpipe.scene.sizes import occupied, sizes
from rnnpipe.scene.view import ANGLE, View, fitted

ASPECT = 4 / 3
# Part of the picture that the box takes: room for the title above, the legend on the right.
_ROOM = (0.07, 0.09, 0.86, 0.93)
# Each pixel is the mean of so many squared.
_SUPERSAMPLED = 2
_WALL = "#D8DBDE"


def default_view(scene: Scene) -> View:
    """The camera from which the points are best told apart, fitted to the box."""
    places = occupied(scene)
    marked = scene.points if len(scene.points) > 1 else scene.curves
    elevation, azimuth = camera(marked[PLACE].to_numpy(float)[:100])
    return fitted(elevation, azimuth, box.corners(*box.bounds(places)), ASPECT, _ROOM)


def picture(scene: Scene, width: int = 2400, view: View | None = None) -> bytes:
    """PNG of a scene; the same scene gives the same bytes on one machine.

    Parameters
    ----------
    scene
        What is drawn.
    width
        Pixels; the height is three quarters of it.
    view
        Where it is seen from; from where it is seen best by default.
    """
    view = view or default_view(scene)
    low, high = box.bounds(occupied(scene))
    image = rendered(scene, view, width)
    target = io.BytesIO()
    with style.context():
        figure = overlay(image, scene, view, box.scales(low, high, view, ASPECT))
        style.save(figure, target, "png", width / WIDTH_INCHES)
    return target.getvalue()


def rendered(scene: Scene, view: View, width: int) -> np.ndarray:
    """Pixels (row, column, 3), bytes, without words."""
    low, high = box.bounds(occupied(scene))
    height = round(width / ASPECT)
    vedo.settings.multi_samples = 0
    vedo.settings.use_depth_peeling = True
    shape = (_SUPERSAMPLED * width, _SUPERSAMPLED * height)
    plotter = vedo.Plotter(offscreen=True, size=shape, bg="white")
    try:
        size = sizes(scene)
        plotter.add(*solid.bodies(scene, size))
        lines = box.walls(low, high, view)
        plotter.add(
            vedo.Mesh(solid.polylines(lines))
            .color(_WALL)
            .linewidth(2 * _SUPERSAMPLED)
            .lighting("off")
        )
        plotter.show(camera=seen_by(view), resetcam=False, interactive=False)
        large = plotter.screenshot(asarray=True)
    finally:
        plotter.close()
    parts = large.reshape(height, _SUPERSAMPLED, width, _SUPERSAMPLED, -1)[..., :3]
    return np.round(parts.mean(axis=(1, 3), dtype=np.float32)).astype(np.uint8)


def seen_by(view: View) -> dict[str, object]:
    """The camera in vedo's words."""
    return {
        "position": tuple(view.position),
        "focal_point": tuple(view.centre),
        "viewup": tuple(view.up),
        "view_angle": ANGLE,
        "clipping_range": (0.1 * view.distance, 3 * view.distance),
    }
