"""A scene as a picture for print."""

from __future__ import annotations

import io

from rnnpipe.figures import style
from rnnpipe.scene import box
from rnnpipe.scene.canvas import ASPECT, Canvas
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.overlay import WIDTH_INCHES, overlay
from rnnpipe.scene.sizes import occupied
from rnnpipe.scene.vantage import vantage
from rnnpipe.scene.view import View, fitted

# Part of the picture that the box takes: room for scales, the title above, the legend beside.
_ROOM = (0.13, 0.1, 0.83, 0.93)


def default_view(scene: Scene) -> View:
    """The camera where the scene is best told apart, fitted to the box."""
    corners = box.corners(*box.bounds(occupied(scene)))
    return fitted(*vantage(scene), corners, ASPECT, _ROOM)


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
    target = io.BytesIO()
    with Canvas(scene, width) as canvas, style.context():
        scales = box.scales(canvas.low, canvas.high, view, ASPECT)
        figure = overlay(canvas.image(view), scene, view, scales)
        style.save(figure, target, "png", width / WIDTH_INCHES)
    return target.getvalue()
