"""Losses of blocks that train, gathered from their logs as these grow."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from rnnpipe.jobs.progress import read_progress
from rnnpipe.jobs.training_message import Losses, read_losses


@dataclass
class Curve:
    """Losses of a block so far, a number a line of its log.

    Attributes
    ----------
    steps, losses
        Steps, and what was said of the losses there.
    total
        Steps that it trains for.
    """

    steps: list[int] = field(default_factory=list)
    losses: list[Losses] = field(default_factory=list)
    total: int = 0


@dataclass
class _Read:
    """How far a log was read."""

    file: int
    offset: int = 0
    curve: Curve = field(default_factory=Curve)


class LossLogs:
    """The curves of logs that grow; of each only what is new is read."""

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}

    def read(self, logs: Iterable[str]) -> dict[str, Curve]:
        """The curve of every log that has one by now, by the log's path.

        A log that was begun anew, since its job was, begins a new curve.
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
            # What follows the last end of a line is being written.
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
