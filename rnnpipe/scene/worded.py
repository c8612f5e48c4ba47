"""A picture of a movie: what is rendered, with scales, legend and a note."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from rnnpipe.figures import style
from rnnpipe.scene import box
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.overlay import WIDTH_INCHES, overlay
from rnnpipe.scene.picture import ASPECT, Canvas
from rnnpipe.scene.view import View

# Colour of the state that runs through, and of what is said of it.
NOTE = "#0B84D9"


def worded(
    canvas: Canvas,
    scene: Scene,
    view: View,
    image: np.ndarray,
    note: str = "",
    draw: Callable[[Figure], None] | None = None,
) -> np.ndarray:
    """Add scales, legend, a note below, and what `draw` adds, to a picture (row, column, 3)."""
    target = io.BytesIO()
    with style.context():
        scales = box.scales(canvas.low, canvas.high, view, ASPECT)
        figure = overlay(image, scene, view, scales)
        if note:
            figure.text(0.016, 0.02, note, size=9, color=NOTE)
        if draw:
            draw(figure)
        style.save(figure, target, "png", canvas.width / WIDTH_INCHES)
    return np.asarray(Image.open(target).convert("RGB"))
