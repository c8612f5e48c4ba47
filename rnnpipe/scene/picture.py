"""A scene rendered from any side, and as a picture for print."""

from __future__ import annotations

import io
from collections.abc import Sequence
from types import TracebackType

import numpy as np
import vedo

from rnnpipe.figures import style
from rnnpipe.scene import box, solid
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.overlay import WIDTH_INCHES, overlay
from rnnpipe.scene.sizes import sizes
from rnnpipe.scene.view import ANGLE, View, fitted, vantage

ASPECT = 4 / 3
# Each pixel is the mean of so many squared.
_SUPERSAMPLED = 2
# Of the lines of the grid; the width is a share of the picture's.
_WALL, _WALL_WIDTH = "#D8DBDE", 1 / 1200
# Part of the picture that the box takes: room for scales, the title above, the legend beside.
_ROOM = (0.13, 0.1, 0.83, 0.93)


class Canvas:
    """A window that nobody sees, in which a scene is rendered; use it in a ``with`` statement.

    Parameters
    ----------
    scene
        What is shown.
    width
        Width of the pictures in pixels; the height is three quarters of it.
    peeled
        Whether translucent bodies are drawn in the order of their depth, in twice the time.
    places
        (place, 3), which the box surrounds; those of the scene by default.
    """

    def __init__(
        self, scene: Scene, width: int, peeled: bool = True, places: np.ndarray | None = None
    ) -> None:
        # Translucent bodies vanish where depth peeling meets multi-samples.
        vedo.settings.multi_samples = 0
        vedo.settings.use_depth_peeling = peeled
        self.width, self.height = width, round(width / ASPECT)
        self.low, self.high = box.bounds(scene.places if places is None else places)
        shape = (_SUPERSAMPLED * self.width, _SUPERSAMPLED * self.height)
        self._plotter = vedo.Plotter(offscreen=True, size=shape, bg="white")
        self._plotter.add(*solid.bodies(scene, sizes(scene)))

    def __enter__(self) -> Canvas:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._plotter.close()

    def image(self, view: View, guests: Sequence[vedo.Mesh] = ()) -> np.ndarray:
        """Render the scene: pixels (row, column, 3), bytes.

        Parameters
        ----------
        view
            The camera.
        guests
            Further bodies in this picture.
        """
        lines = walls(self.low, self.high, view, _SUPERSAMPLED * self.width * _WALL_WIDTH)
        shown = [lines, *guests]
        self._plotter.add(*shown)
        self._plotter.show(camera=seen_by(view), resetcam=False, interactive=False)
        large = self._plotter.screenshot(asarray=True)
        self._plotter.remove(*shown)
        parts = large.reshape(self.height, _SUPERSAMPLED, self.width, _SUPERSAMPLED, -1)
        return np.round(parts[..., :3].mean(axis=(1, 3), dtype=np.float32)).astype(np.uint8)


def walls(low: np.ndarray, high: np.ndarray, view: View, width: float) -> vedo.Mesh:
    """The grid behind the scene, with lines of the given width in pixels."""
    lines = solid.polylines(box.walls(low, high, view))
    return vedo.Mesh(lines).color(_WALL).linewidth(width).lighting("off")


def seen_by(view: View) -> dict[str, object]:
    """The camera as settings of vedo."""
    return {
        "position": tuple(view.position),
        "focal_point": tuple(view.centre),
        "viewup": tuple(view.up),
        "view_angle": ANGLE,
        "clipping_range": (0.1 * view.distance, 3 * view.distance),
    }


def default_view(scene: Scene) -> View:
    """The camera that sees points best apart, fitted to the box."""
    corners = box.corners(*box.bounds(scene.places))
    return fitted(*vantage(scene), corners, ASPECT, _ROOM)


def picture(scene: Scene, width: int = 2400, view: View | None = None) -> bytes:
    """Draw a scene as a PNG; the same scene gives the same bytes on one machine.

    Parameters
    ----------
    scene
        What is drawn.
    width
        Width in pixels; the height is three quarters of it.
    view
        The camera; ``default_view`` by default.
    """
    view = view or default_view(scene)
    target = io.BytesIO()
    with Canvas(scene, width) as canvas, style.context():
        scales = box.scales(canvas.low, canvas.high, view, ASPECT)
        figure = overlay(canvas.image(view), scene, view, scales)
        style.save(figure, target, "png", width / WIDTH_INCHES)
    return target.getvalue()
