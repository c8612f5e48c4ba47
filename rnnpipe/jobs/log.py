"""The log of a job: who writes it, whether that process still works, how it ended.

A job's first line says who runs it. As long as it works it keeps its log
fresh, so that whoever sees the log on a shared file system can tell a job that
runs on another machine from one that was killed there.
"""

import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from rnnpipe.jobs.processes import Owner

TOUCH_SECONDS = 30.0
# Network file systems show a change after up to a minute.
FRESH_SECONDS = 120.0
HEAD_BYTES, TAIL_BYTES = 512, 16384

# Whether a log is being kept fresh.
_KEPT: ContextVar[bool] = ContextVar("kept_log", default=False)

_FIRST = re.compile(r"^(\S+) on (\S+), process (\d+), since (\S+)$", re.MULTILINE)
_LAST = re.compile(r"^finished after \d+ s(?:, (\d+\.\d+) s of processor time)?$")
# What the scripts, click, and Python's tracebacks end with.
_FAULT = re.compile(r"^(error|[\w.]*(Error|Exception|Interrupt|Exit))\b", re.IGNORECASE)


@dataclass(frozen=True)
class JobLog:
    """The content of a log.

    Attributes
    ----------
    lines
        Its last lines, without those that say who began and that it finished.
    touched
        When it was last kept fresh, in seconds since the epoch.
    owner
        Who runs the job; None before its first line.
    since
        When the job began, in seconds since the epoch; None before its first line.
    finished
        Whether the job came to its end.
    used
        Seconds of processor time that it took, start included; None before its end.
    """

    lines: tuple[str, ...]
    touched: float
    owner: Owner | None = None
    since: float | None = None
    finished: bool = False
    used: float | None = None

    def works(self, now: float) -> bool:
        """Return whether the job still runs, as far as can be told from this machine."""
        ended = self.finished or bool(self.lines and _FAULT.match(self.lines[-1]))
        gone = self.owner is not None and self.owner.gone()
        return not ended and not gone and now - self.touched < FRESH_SECONDS


@contextmanager
def kept_log(name: str, every: float = TOUCH_SECONDS) -> Iterator[None]:
    """Write to the log which process works, touch the file meanwhile, and write when it finishes.

    The log is what stderr leads to; where that is no file, nothing is done. Inside another
    ``with`` block of this function nothing is done either: all this is done already.

    Parameters
    ----------
    name
        What is done.
    every
        Seconds between two touches.
    """
    if _KEPT.get() or (log := _log_file()) is None:
        yield
        return
    began, stop, owner = time.monotonic(), threading.Event(), Owner.this()
    since = datetime.now(UTC).isoformat(timespec="seconds")
    say(f"{name} on {owner.host}, process {owner.process}, since {since}")

    def touch() -> None:
        while not stop.wait(every):
            with suppress(OSError):
                os.utime(log)

    threading.Thread(target=touch, daemon=True).start()
    token = _KEPT.set(True)
    try:
        yield
    finally:
        _KEPT.reset(token)
        stop.set()
    used = sum(os.times()[:4])
    say(f"finished after {time.monotonic() - began:.0f} s, {used:.2f} s of processor time")


def read_log(path: Path) -> JobLog:
    """Read the first and the last lines of a log.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        touched = os.fstat(file.fileno()).st_mtime
        head = file.read(HEAD_BYTES).decode(errors="replace")
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
        tail = file.read().decode(errors="replace")
    lines = [line for line in tail.splitlines() if line.strip() and not _FIRST.match(line)]
    last = _LAST.match(lines[-1]) if lines else None
    lines = lines[:-1] if last else lines
    used = float(last[1]) if last and last[1] else None
    first = _FIRST.search(head)
    if first is None:
        return JobLog(tuple(lines), touched, finished=bool(last), used=used)
    owner = Owner(first[2], int(first[3]))
    since = datetime.fromisoformat(first[4]).timestamp()
    return JobLog(tuple(lines), touched, owner, since, bool(last), used)


def _log_file() -> int | None:
    """Return the descriptor of stderr if it leads to a file."""
    try:
        descriptor = sys.stderr.fileno()
        return descriptor if S_ISREG(os.fstat(descriptor).st_mode) else None
    except (OSError, ValueError, AttributeError):
        return None


def say(line: str) -> None:
    """Write a line to the log."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
