import pytest

from tests.helpers.built_once import built_once
from tests.workflow.checkout import Checkout


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Checkout:
    """A checkout in which the small experiment has run to its end: the worker's own copy."""
    folder = built_once(tmp_path_factory, "workflow", lambda folder: Checkout(folder).run())
    return Checkout.at(folder).copied(tmp_path_factory.mktemp("checkout") / "copy")


@pytest.fixture
def copied(finished, tmp_path) -> Checkout:
    """The finished checkout, for the test alone."""
    return finished.copied(tmp_path / "copy")
