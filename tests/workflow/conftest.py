import pytest

from tests.workflow.checkout import Checkout


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Checkout:
    """A checkout in which the small experiment has run to its end."""
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    checkout.run()
    return checkout
