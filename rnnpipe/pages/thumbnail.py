"""A picture made small enough to stand in a table."""

from __future__ import annotations

import base64
import io

from PIL import Image

WIDTH = 200
# What of a scene's picture is neither words nor legend: left, upper, right, lower end.
_PART = (0.1, 0.06, 0.86, 0.92)
_QUALITY = 78


def thumbnail(picture: bytes) -> str:
    """The middle of a scene's picture, as a small JPEG in a data address.

    Raises
    ------
    OSError
        If it is none, or ends too early.
    """
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop([round(e * s) for e, s in zip(_PART, 2 * image.size, strict=True)])
    image = image.resize(
        (WIDTH, round(WIDTH * image.height / image.width)), Image.Resampling.LANCZOS
    )
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
