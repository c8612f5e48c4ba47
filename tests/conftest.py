"""What all tests share: one thread, as a job has, and whether pictures can be drawn here."""

import os

import pytest

from rnnpipe.jobs.job import limit_threads
from rnnpipe.scene.graphics import GraphicsError, prepare_graphics

limit_threads(1)


@pytest.fixture(scope="session")
def graphics() -> None:
    """Have VTK draw without a display; where it cannot, tests skip, but fail on CI."""
    try:
        prepare_graphics(1)
    except GraphicsError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
