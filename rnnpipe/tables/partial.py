"""Partial files: hidden names, one for each process and attempt, under which files are written.

No two processes write under one name, so a job that outlives its workflow never writes into
the file of the job that replaced it. A partial file is removed when its writing fails; what a
killed process left is removed by the next process that writes the same file.
"""

import os
import re
import secrets
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

SUFFIX = ".partial"
# Characters of a file's name that are repeated: a name may have 255 bytes in all.
_KEPT = 40


@contextmanager
def partial(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write under; whatever is left there at the end is removed.

    On the way in, partial files of `path` are removed whose processes on this machine ended.
    """
    path = Path(path)
    # A leading dot hides the file from readers of data sets.
    owner = f"{os.getpid()}-{secrets.token_hex(4)}@{socket.gethostname()}"
    own = path.with_name(f".{path.name[:_KEPT]}.{owner}{SUFFIX}")
    try:
        with _ended_by_sigterm():
            _remove_leftovers(path)
            yield own
    finally:
        remove(own)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there and can be removed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def lives(process: int) -> bool:
    """Return whether a process of this machine has not ended."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _remove_leftovers(path: Path) -> None:
    host, name = re.escape(socket.gethostname()), re.escape(path.name[:_KEPT])
    left = re.compile(rf"\.{name}\.(\d+)-[0-9a-f]+@{host}{re.escape(SUFFIX)}")
    with suppress(OSError):
        found = [(left.fullmatch(entry), entry) for entry in os.listdir(path.parent)]
        for match, entry in found:
            if match and not lives(int(match[1])):
                remove(path.with_name(entry))


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Leave the ``with`` block by an exception on SIGTERM, unless somebody handles it already."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
