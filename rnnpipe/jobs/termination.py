"""Letting a job's own process know that it is about to be killed.

Before SLURM kills a job, at its time limit, say, it sends SIGTERM. Where it
keeps jobs in cgroups, only the process that it started itself gets the signal:
a Snakemake, which waits for what it runs and passes nothing on.
"""

import os
import signal
import threading
from pathlib import Path


def pass_on_termination() -> None:
    """Send the first SIGTERM that reaches this process on to its children.

    For the main thread, on Linux. Whoever handles the signal in this process,
    now or later, still does; until someone does, it ends the process.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    # Snakemake sets its handler after this; one of ours would be replaced.
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_pass_on, args=(reader,), daemon=True).start()


def _pass_on(reader: int) -> None:
    while os.read(reader, 1)[0] != signal.SIGTERM:
        continue
    # SLURM's own client sends it a second time, and who is told twice may give up at once.
    for child in _children():
        try:
            os.kill(child, signal.SIGTERM)
        except ProcessLookupError:
            continue


def _children() -> list[int]:
    """Processes that a thread of this one started."""
    lists = Path("/proc/self/task").glob("*/children")
    return [int(child) for found in lists for child in found.read_text().split()]
