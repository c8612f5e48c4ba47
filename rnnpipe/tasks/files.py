"""Tasks that a file belongs to: its content, and a hash that tells whether it is still the same.

The hash is among the settings of every job: an edited file runs again what depends on it,
a file that was only touched does not.
"""

import hashlib
from abc import abstractmethod
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.given_files import require_regular_file
from rnnpipe.tasks.base import TaskError, TaskWithSettings

# Key of the hash among a task's settings; no argument of a constructor can bear this name.
CONTENT_HASH = "content-hash"


class TaskFromFile(TaskWithSettings):
    """A task that a file belongs to.

    A job is told the hash of the file's content, and refuses another content.
    """

    planned_content: SkipJsonSchema[str | None] = Field(None, alias=CONTENT_HASH)

    @property
    @abstractmethod
    def file(self) -> str:
        """Path of the file, relative to the working directory."""

    def learn(self) -> None:
        """Compare the file with the one that the job was planned with."""
        if self.planned_content not in (None, content_hash(self.file)):
            message = "has changed since this job was planned; run the workflow again"
            raise SettingsError([Fault("", f"{self.file}: {message}")])

    def definition(self) -> dict[str, Any]:
        """Return the settings with a hash of the file's content, so that an edit counts."""
        return {**super().definition(), CONTENT_HASH: content_hash(self.file)}


def content(path: str) -> bytes:
    """Read a file, relative to the working directory.

    Raises
    ------
    TaskError
        If it cannot be read; names the file.
    """
    try:
        require_regular_file(path)
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise TaskError(f"{path}: there is no such file in the working directory") from None
    except ValueError as error:
        raise TaskError(f"{path}: {error}") from None
    except OSError as error:
        raise TaskError(f"{path}: cannot be read ({error.strerror or error})") from None


def content_hash(path: str) -> str:
    """Return the hash of a file's content; `TaskError` where it cannot be read."""
    return _hash(path, *version(path))


def version(path: str) -> tuple[int, int]:
    """Return the time of the last change in ns, and the size: the keys of caches of contents."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        content(path)
        raise
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=64)
def _hash(path: str, changed: int, size: int) -> str:
    return hashlib.blake2b(content(path), digest_size=8).hexdigest()
