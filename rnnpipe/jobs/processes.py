"""Processes: the lock of a killed workflow, requests to stop, and the environment of jobs.

Snakemake locks its folder and cannot tell whether the process that did so still lives, so
after a kill it asks for ``--unlock``. A note of the running process lets the next run tell.

Before SLURM kills a job, at its time limit, say, it sends SIGTERM. Where it keeps jobs in
cgroups, only the process that it started itself gets the signal: a Snakemake, which waits for
what it runs and passes nothing on.
"""

import json
import os
import shutil
import signal
import socket
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

from rnnpipe.tables.partial import lives

OWNER = Path(".snakemake/owner.json")
LOCKS = Path(".snakemake/locks")
# What a scheduler sends before it kills, and what Ctrl-C sends.
SIGNALS = (signal.SIGTERM, signal.SIGINT)
# Status of a job that is to be run again: EX_TEMPFAIL of sysexits.h.
TRY_AGAIN = 75


@dataclass(frozen=True)
class Owner:
    """A process, by machine and number.

    Attributes
    ----------
    host
        Name of the machine that it runs on.
    process
        Its number there.
    """

    host: str
    process: int

    @classmethod
    def this(cls) -> "Owner":
        """Return the process that calls this."""
        return cls(socket.gethostname(), os.getpid())

    def gone(self) -> bool:
        """Return whether the process has ended for certain; of other machines nothing is known."""
        return self.host == socket.gethostname() and not lives(self.process)


def note_owner() -> None:
    """Write to a file that this process runs the workflow in the current folder."""
    OWNER.write_text(json.dumps(asdict(Owner.this())))


def release_stale_lock() -> bool:
    """Remove the lock if the process that last ran here, on this machine, has ended.

    Returns
    -------
    bool
        Whether a lock was removed. A lock whose owner lives, is on another machine
        or is unknown stays.
    """
    stale = _locked() and _owner_gone()
    if stale:
        shutil.rmtree(LOCKS)
    return stale


def workflow_runs() -> bool:
    """Return whether a workflow runs in the current folder, as far as can be told from here."""
    return _locked() and not _owner_gone()


def _locked() -> bool:
    return LOCKS.is_dir() and any(LOCKS.iterdir())


def _owner_gone() -> bool:
    try:
        owner = json.loads(OWNER.read_text())
        return Owner(owner["host"], int(owner["process"])).gone()
    except (OSError, ValueError, KeyError, TypeError):
        return False


class Interrupted(Exception):
    """Work stopped on request and can resume from its last state."""


class Interruption:
    """The request to stop that this process received, if any.

    Attributes
    ----------
    name
        The signal, such as ``"SIGTERM"``; empty before one came.
    """

    name: str = ""

    def note(self, number: int, frame: FrameType | None) -> None:
        """Take a signal as a request to stop; the next Ctrl-C ends the process as usual."""
        self.name = signal.Signals(number).name
        # SIGTERM is no second request: on a cluster it comes by several ways at once.
        signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Take `SIGNALS` as requests to stop while the ``with`` block runs."""
    asked = Interruption()
    before = {number: signal.signal(number, asked.note) for number in SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
    """Return the processes that threads of this process started."""
    lists = Path("/proc/self/task").glob("*/children")
    return [int(child) for found in lists for child in found.read_text().split()]


def prepare_environment(scripts: Path) -> None:
    """Make ``python`` in jobs this interpreter, which finds the package, installed or not.

    Jobs find the scripts through the environment, which unlike inputs and commands re-runs nothing
    when the checkout moves.
    """
    os.environ["RNNPIPE_SCRIPTS"] = str(scripts)
    first_in = {"PATH": os.path.dirname(sys.executable)}
    root = str(Path(__file__).resolve().parents[2])
    # Where packages are installed this interpreter looks by itself, and no other one should.
    if root not in map(sysconfig.get_path, ("purelib", "platlib")):
        first_in["PYTHONPATH"] = root
    for variable, first in first_in.items():
        rest = os.environ.get(variable, "")
        # Named further back it would lose to another python.
        if first != rest.split(os.pathsep)[0]:
            os.environ[variable] = first + os.pathsep + rest if rest else first
