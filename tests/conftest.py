"""What all tests share: one thread, rare garbage collection, and whether pictures can be drawn."""

import os
import runpy
from pathlib import Path

import pytest

from rnnpipe.jobs.job import limit_threads
from rnnpipe.scene.graphics import GraphicsError, prepare_graphics

limit_threads(1)
# This process collects garbage as rarely as those that it starts.
STARTUP = Path(__file__).parent / "startup"
PATHS = (str(STARTUP), os.environ.get("PYTHONPATH"))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, PATHS))
runpy.run_path(str(STARTUP / "sitecustomize.py"))

# A worker runs whole files. These take longest, so that they go first, but for those that read
# the finished workflow: they go last, when the first file's worker has run it.
FIRST = (
    "workflow/test_default_experiment.py",
    "workflow/test_kills.py",
    "workflow/test_end_to_end.py",
    "workflow/test_own_files.py",
    "scripts/test_study_chain.py",
    "scripts/test_killed_training.py",
    "figures/test_figures.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {Path(__file__).parent / name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def graphics() -> None:
    """Have VTK draw without a display; where it cannot, tests skip, but fail on CI."""
    try:
        prepare_graphics(1)
    except GraphicsError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
