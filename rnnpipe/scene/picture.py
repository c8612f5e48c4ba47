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
    """Renders a scene; to be closed, or used in a ``with`` statement.

    Parameters
    ----------
    scene
        What is shown.
    width
        Of the pictures, pixels; the height is three quarters of it.
    peeled
        Whether what lies behind translucent bodies is sorted out, in twice the time.
    """

    def __init__(self, scene: Scene, width: int, peeled: bool = True) -> None:
        # Translucent bodies vanish where depth peeling meets multi-samples.
        vedo.settings.multi_samples = 0
        vedo.settings.use_depth_peeling = peeled
        self.width, self.height = width, round(width / ASPECT)
        self.low, self.high = box.bounds(scene.places)
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
        """Pixels (row, column, 3), bytes.

        Parameters
        ----------
        view
            Where the scene is seen from.
        guests
            Bodies that this picture shows beside the scene.
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
    """The grid behind the scene, of lines so many pixels wide."""
    lines = solid.polylines(box.walls(low, high, view))
    return vedo.Mesh(lines).color(_WALL).linewidth(width).lighting("off")


def seen_by(view: View) -> dict[str, object]:
    """The camera in vedo's words."""
    return {
        "position": tuple(view.position),
        "focal_point": tuple(view.centre),
        "viewup": tuple(view.up),
        "view_angle": ANGLE,
        "clipping_range": (0.1 * view.distance, 3 * view.distance),
    }


def default_view(scene: Scene) -> View:
    """The camera where the scene is best told apart, fitted to the box."""
    corners = box.corners(*box.bounds(scene.places))
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
