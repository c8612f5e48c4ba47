"""Progress of long work: a live line on a terminal, a line now and then in a log."""

import re
import sys
import time
from dataclasses import dataclass
from typing import TextIO

_LINE = re.compile(r"^(.+): (\d+)/(\d+) \(\d+ %\), ([\d:]+) left(?:, (.*))?$")
# Share of the steps between two lines of its log, though a line a second at most: as many as a
# curve on a terminal has columns, twice over.
LOG_SHARE = 0.02
_LOSSES = re.compile(r"^loss (\S+), validation (\S+), (\d+) training$")


@dataclass(frozen=True)
class Reported:
    """The content of a line of progress.

    Attributes
    ----------
    label
        What is being done.
    done, total
        Steps.
    left
        The time that is left, as `clock` writes it.
    message
        What else it says.
    """

    label: str
    done: int
    total: int
    left: str
    message: str = ""


def read_progress(line: str) -> Reported | None:
    """Read a line that `ProgressLine` wrote to a log; None for any other line."""
    if (match := _LINE.match(line)) is None:
        return None
    return Reported(match[1], int(match[2]), int(match[3]), match[4], match[5] or "")


class ProgressLine:
    """Report the steps done, a message, and the time left.

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
    log_share
        Share of the steps after which a log gets a line sooner than that, though
        not within a second of the last.
    """

    def __init__(
        self,
        label: str,
        total: int,
        stream: TextIO | None = None,
        log_every: float = 15.0,
        log_share: float = 1.0,
    ) -> None:
        self.label, self.total = label, total
        self.stream = sys.stderr if stream is None else stream
        self.live = self.stream.isatty()
        self.interval = 0.2 if self.live else log_every
        self.share = 1.0 if self.live else log_share
        self.said = 0  # steps that were done at the last line
        self.first = 0  # what was done before, and took no time now
        self.started = self.shown = time.monotonic()

    def update(self, done: int, message: str = "") -> None:
        """Report how far the work is; cheap enough to be called at every step."""
        now = time.monotonic()
        soon = now - self.shown >= 1 and done - self.said >= self.share * self.total
        if now - self.shown < self.interval and done < self.total and not soon:
            return
        self.shown, self.said = now, done
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
    """Write seconds as ``h:mm:ss`` or ``m:ss``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@dataclass(frozen=True)
class Losses:
    """Losses at a step, as means over the networks that still train.

    Attributes
    ----------
    loss, validation
        Training loss, and the last validation loss; NaN before there is one.
    training
        Number of networks that still train.
    """

    loss: float
    validation: float
    training: int

    def text(self) -> str:
        """Return the losses as the log of training holds them."""
        return f"loss {self.loss:.3g}, validation {self.validation:.3g}, {self.training} training"


def read_losses(text: str) -> Losses | None:
    """Read what `Losses.text` wrote; None for any other text."""
    if (match := _LOSSES.match(text)) is None:
        return None
    return Losses(float(match[1]), float(match[2]), int(match[3]))
