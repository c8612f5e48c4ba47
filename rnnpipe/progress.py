"""Progress of long work: a live line on a terminal, a plain line now and then in a log."""

import sys
import time
from typing import TextIO


class ProgressLine:
    """Reports steps done, a message, and the time that is left.

    Parameters
    ----------
    label
        What is being done.
    total
        Number of steps.
    stream
        Where to; a terminal gets one line that is rewritten, anything else a
        new line whenever `log_every` seconds have passed, and at the end.
    log_every
        Seconds between lines in a log.
    """

    def __init__(
        self, label: str, total: int, stream: TextIO | None = None, log_every: float = 15.0
    ) -> None:
        self.label, self.total = label, total
        self.stream = sys.stderr if stream is None else stream
        self.live = self.stream.isatty()
        self.interval = 0.2 if self.live else log_every
        self.first = 0  # what was done before, and took no time now
        self.started = self.shown = time.monotonic()

    def update(self, done: int, message: str = "") -> None:
        """Say how far the work is; cheap enough to be called at every step."""
        now = time.monotonic()
        if now - self.shown < self.interval and done < self.total:
            return
        self.shown = now
        left = (now - self.started) / max(done - self.first, 1) * (self.total - done)
        share = 100 * done / max(self.total, 1)
        line = f"{self.label}: {done}/{self.total} ({share:.0f} %), {clock(left)} left"
        line += f", {message}" if message else ""
        if self.live:
            end = "\n" if done >= self.total else ""
            self.stream.write(f"\r\x1b[K{line}{end}")
        else:
            self.stream.write(line + "\n")
        self.stream.flush()


def clock(seconds: float) -> str:
    """Seconds as ``h:mm:ss`` or ``m:ss``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
