"""Files that belong to a task: their content, and a hash that tells whether it is still the same.

The hash is among the settings of every job: an edited file runs again what depends on it,
a file that was only touched does not.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from rnnpipe.tasks.base import TaskError

# Key of the hash among a task's settings; no argument of a constructor can bear this name.
CONTENT_HASH = "content-hash"


def content(path: str) -> bytes:
    """Content of a file, relative to the working directory.

    Raises
    ------
    TaskError
        If it cannot be read; names the file.
    """
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise TaskError(f"{path}: there is no such file in the working directory") from None
    except OSError as error:
        raise TaskError(f"{path}: cannot be read ({error.strerror or error})") from None


def content_hash(path: str) -> str:
    """Hash of a file's content; `TaskError` where it cannot be read."""
    return _hash(path, *version(path))


def version(path: str) -> tuple[int, int]:
    """Time of the last change in ns, and size: what caches of a file's content go by."""
    try:
        status = Path(path).stat()
    except OSError:
        content(path)
        raise
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=64)
def _hash(path: str, changed: int, size: int) -> str:
    return hashlib.blake2b(content(path), digest_size=8).hexdigest()
