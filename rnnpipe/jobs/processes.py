"""Requests to stop: signals that work may heed when it suits it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# What a scheduler sends before it kills, and what Ctrl-C sends.
SIGNALS = (signal.SIGTERM, signal.SIGINT)
# Status of a job that is to be run again: EX_TEMPFAIL of sysexits.h.
TRY_AGAIN = 75


class Interrupted(Exception):
    """Work that stopped since it was asked to, and can go on from what it kept."""


class Interruption:
    """Whether, and by what signal, this process was asked to stop.

    Attributes
    ----------
    name
        The signal, such as ``"SIGTERM"``; empty before one came.
    """

    name: str = ""

    def note(self, number: int, frame: FrameType | None) -> None:
        """Take a signal as a request; the next Ctrl-C ends the process as it always does."""
        self.name = signal.Signals(number).name
        # SIGTERM is no second request: on a cluster it comes by several ways at once.
        signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Heed `SIGNALS` while the block runs."""
    asked = Interruption()
    before = {number: signal.signal(number, asked.note) for number in SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
