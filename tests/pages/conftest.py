"""A browser for the tests of one file."""

import pytest

from tests.pages.browser import chromium


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found
