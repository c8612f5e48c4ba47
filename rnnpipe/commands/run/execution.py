"""Snakemake in this process, its output in a file."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from rnnpipe.commands.run.arguments import Asked


def run_snakemake(asked: Asked) -> bool:
    """Run Snakemake, and return whether it succeeded.

    Snakemake runs in this process, so that Ctrl-C and other signals reach it, and the jobs that it
    runs, as if it had been called by itself.
    """
    from snakemake.cli import args_to_api

    return args_to_api(asked.values, asked.parser)


@contextmanager
def output_to(log: Path) -> Iterator[TextIO]:
    """Lead what this process and its children print to a file; give what leads to the terminal."""
    log.parent.mkdir(parents=True, exist_ok=True)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    kept = [os.dup(number) for number in (1, 2)]
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        with os.fdopen(os.dup(1), "w", encoding=encoding, errors="replace") as terminal:
            for number in (1, 2):
                os.dup2(file, number)
            yield terminal
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for number, old in zip((1, 2), kept, strict=True):
            os.dup2(old, number)
        for descriptor in (file, *kept):
            os.close(descriptor)


@contextmanager
def interrupts(note: Callable[[], None]) -> Iterator[None]:
    """Call a function at each Ctrl-C, before Snakemake takes it as usual."""
    before = signal.getsignal(signal.SIGINT)

    def take(number: int, frame: FrameType | None) -> None:
        note()
        signal.default_int_handler(number, frame)

    # Whoever started this process in the background may have had it ignore Ctrl-C.
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, take)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
