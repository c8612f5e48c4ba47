"""Files that a user names: what is no regular file is refused before it is opened.

Reading a pipe waits for a writer that may never come, and a device has no end.
"""

import os
import stat
from pathlib import Path

# Above this no file of masks or trials is read: memory would not hold it.
MOST_BYTES = 10**12


def require_regular_file(path: str | Path, most_bytes: int = MOST_BYTES) -> None:
    """Raise an error unless a path leads to a regular file of at most `most_bytes`.

    Raises
    ------
    OSError
        If there is no such file, or it is not for this user to see.
    ValueError
        If it is a folder, a pipe, a socket or a device, or too large; says which.
    """
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"is {_kind(status.st_mode)}, not a file")
    if status.st_size > most_bytes:
        raise ValueError(f"has {status.st_size} bytes; at most {most_bytes} are read")


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "something else")
