"""Pages in a browser without a screen, and all that goes wrong in them."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Drawing in software; a sandbox is refused to root.
ARGUMENTS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
# What a file may ask for: itself, others beside it, and what it holds.
LOCAL = ("file:", "data:", "blob:")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped where there is none, but fails where CI must have one."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("no chromium here: apt-get install chromium, or make browser as root")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


class Watched:
    """A page that is open, with every fault that occurs in it."""

    def __init__(self, browser: Browser, path: Path, width: int = 1400) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.faults: list[str] = []
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error {error}"))
        # What leaves is noted, and then stopped: tests need no network.
        self.page.route("http*://**", lambda route: route.abort())
        self.page.goto(path.as_uri())

    def _request(self, request) -> None:
        if not request.url.startswith(LOCAL):
            self.faults.append(f"request {request.url}")

    def _console(self, message) -> None:
        if message.type == "error":
            self.faults.append(f"console {message.text}")


def pixels(element: Locator) -> np.ndarray:
    """Colours (row, column, 3) of what is seen of an element."""
    return np.asarray(Image.open(BytesIO(element.screenshot())).convert("RGB")).astype(int)


def near(seen: np.ndarray, colour: str, tolerance: int = 24) -> np.ndarray:
    """Places (pixel, 2), row and column, that have nearly a colour."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.argwhere((np.abs(seen - wanted) <= tolerance).all(axis=2))


def colours(seen: np.ndarray) -> Counter:
    """How often each colour is seen."""
    return Counter(map(tuple, seen.reshape(-1, 3).tolist()))
