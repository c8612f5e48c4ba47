"""Whether pictures can be drawn here: without the libraries tests skip, on CI they fail."""

import os

import pytest

from rnnpipe.scene.graphics import GraphicsError, prepare_graphics


@pytest.fixture(scope="session")
def graphics() -> None:
    """Have VTK draw without a display."""
    try:
        prepare_graphics(1)
    except GraphicsError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
