"""The jobs that run, from their logs: how far each is, and the losses of blocks that train."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from rnnpipe.commands.status.state import Seen, State
from rnnpipe.jobs.progress import Losses, Reported, read_losses, read_progress


@dataclass
class Curve:
    """Losses of a block so far, one entry per line of its log that tells them.

    Attributes
    ----------
    steps, losses
        Training steps, and the losses at each.
    total
        Number of steps that the block trains for.
    """

    steps: list[int] = field(default_factory=list)
    losses: list[Losses] = field(default_factory=list)
    total: int = 0


@dataclass
class _Read:
    """How far a log has been read."""

    file: int
    offset: int = 0
    curve: Curve = field(default_factory=Curve)


class LossLogs:
    """Reads loss curves from logs that grow; each call reads only what is new."""

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}

    def read(self, logs: Iterable[str]) -> dict[str, Curve]:
        """Return the curves by the paths of their logs; logs without losses are left out.

        A log that was begun anew, because its job was, begins a new curve.
        """
        curves = {}
        for log in logs:
            # Snakemake removes the log of a job that it starts again.
            with suppress(OSError):
                curves[log] = self._grown(log)
        return {log: curve for log, curve in curves.items() if curve.steps}

    def _grown(self, log: str) -> Curve:
        with Path(log).open("rb") as file:
            now = os.fstat(file.fileno())
            read = self._read.get(log)
            if read is None or read.file != now.st_ino or read.offset > now.st_size:
                read = self._read[log] = _Read(now.st_ino)
            file.seek(read.offset)
            # After the last end of a line, a line is still being written.
            new, end, _ = file.read().rpartition(b"\n")
        read.offset += len(new) + len(end)
        for line in new.decode(errors="replace").splitlines():
            _add(read.curve, line)
        return read.curve


def _add(curve: Curve, line: str) -> None:
    said = read_progress(line)
    losses = read_losses(said.message) if said else None
    if said and losses:
        curve.steps.append(said.done)
        curve.losses.append(losses)
        curve.total = said.total


@dataclass(frozen=True)
class Running:
    """A job that runs.

    Attributes
    ----------
    seen
        The job with its state.
    reported
        Its last report of progress; None before the first.
    curve
        Its losses so far; None before the first report and for jobs that train nothing.
    """

    seen: Seen
    reported: Reported | None
    curve: Curve | None

    @property
    def said(self) -> str:
        """The last line of its log."""
        log = self.seen.log
        return log.lines[-1] if log and log.lines else "begins"


def running_jobs(jobs: Iterable[Seen], curves: Mapping[str, Curve]) -> list[Running]:
    """Return the jobs that run, blocks that train first."""
    running = [
        Running(one, _reported(one), curves.get(one.job.log))
        for one in jobs
        if one.state is State.RUNNING
    ]
    return sorted(running, key=lambda one: one.curve is None)


def _reported(one: Seen) -> Reported | None:
    lines = one.log.lines if one.log else ()
    return next(filter(None, map(read_progress, reversed(lines))), None)
