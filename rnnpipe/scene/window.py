"""A window in which a scene is turned with the mouse and revealed with the keyboard."""

from __future__ import annotations

import os
import sys

import vedo
from matplotlib.colors import to_hex

from rnnpipe.scene import box, solid
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.overlay import entries
from rnnpipe.scene.picture import default_view, seen_by, walls
from rnnpipe.scene.sizes import sizes

_KEYS = "drag: turn · wheel: zoom · 0-9: points of up to so many unstable modes · a: all · q: close"


def has_display() -> bool:
    """Whether a window can be opened."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(scene: Scene, order: int | None = None) -> None:
    """Show a scene until the window is closed.

    Parameters
    ----------
    scene
        What is shown.
    order
        Most unstable modes of the points that are shown at first; any by default.
    """
    view, size = default_view(scene), sizes(scene)
    low, high = box.bounds(scene.places)
    plotter = vedo.Plotter(size=(1200, 900), bg="white", title=scene.title)
    shown: list[vedo.Mesh] = []

    def reveal(most: int | None) -> None:
        plotter.remove(*shown)
        shown[:] = solid.bodies(scene if most is None else scene.up_to(most), size)
        plotter.add(*shown)

    def pressed(event: vedo.plotter.Event) -> None:
        key = str(event.keypress)
        if key == "a" or key.isdigit():
            reveal(None if key == "a" else int(key))
            plotter.render()
        elif key in ("q", "Escape"):
            plotter.break_interaction()

    reveal(order)
    plotter.add(walls(low, high, view, 1.0))
    plotter.add(vedo.Text2D(f"{scene.title} ({scene.status})", pos="top-left", c="black", s=0.9))
    plotter.add(vedo.Text2D(_KEYS, pos="bottom-left", c="grey4", s=0.7))
    plotter.add(*_legend(scene))
    plotter.remove_callback("KeyPress")
    plotter.add_callback("key press", pressed)
    plotter.show(camera=seen_by(view), resetcam=False, interactive=True).close()


def _legend(scene: Scene) -> list[vedo.Text2D]:
    """Legend of the scene, each line in its colour."""
    return [
        vedo.Text2D(str(entry.get_label()), pos=(0.72, 0.985 - 0.026 * line), c=colour, s=0.75)
        for line, entry in enumerate(entries(scene))
        for colour in [to_hex(entry.get_color())]
    ]
