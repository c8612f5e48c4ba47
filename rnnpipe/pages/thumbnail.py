"""A picture made small enough to stand in a table."""

from __future__ import annotations

import base64
import io

from PIL import Image

WIDTH = 200
_QUALITY = 78


def thumbnail(picture: bytes) -> str:
    """A picture in any format that Pillow reads, as a small JPEG in a data address.

    Raises
    ------
    OSError
        If it is none, or ends too early.
    """
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.resize(
        (WIDTH, round(WIDTH * image.height / image.width)), Image.Resampling.LANCZOS
    )
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
