"""Files between stages: written whole or not at all.

A file is written under a temporary name in its own folder and renamed when it
is complete, so a file with its proper name is whole. Its bytes depend on content,
settings, version and commit alone: no times of day, no durations.
"""

import errno
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rnnpipe.tables.partial import partial


class ArtifactError(Exception):
    """A file that is missing, damaged or not what its reader needs."""


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raise `ArtifactError` if it cannot be written."""
    with whole_file(path) as own, open(own, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a name to write a file under, which becomes `path` at the end.

    Raises
    ------
    ArtifactError
        If the file cannot be written.
    """
    path = Path(path)
    with _as_fault(path), partial(path) as own:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield own
        os.replace(own, path)


def read_bytes(path: Path) -> bytes:
    """Read a file; raise `ArtifactError` if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be read ({error.strerror or error})") from error


def write_pickle(path: Path, content: Any) -> None:
    """Write a pickle; equal content gives equal bytes."""
    write_bytes(path, pickle.dumps(content, protocol=5))


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a new folder to fill, which replaces `path` at the end.

    Raises
    ------
    ArtifactError
        If the folder cannot be written.
    """
    path = Path(path)
    with partial(path) as own:
        with _as_fault(path):
            own.mkdir(parents=True)
        yield own
        with _as_fault(path):
            _replace_folder(own, path)


def _replace_folder(new: Path, path: Path) -> None:
    """Rename a folder to `path`; the folder that has this name is removed."""
    while True:
        with partial(path) as old:
            if path.is_dir():
                with suppress(FileNotFoundError):
                    path.rename(old)
            try:
                new.rename(path)
            except OSError as error:
                # Another process has just put its own folder there.
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
            else:
                return


@contextmanager
def _as_fault(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be written ({error.strerror or error})") from error


def link(source: Path, target: Path) -> None:
    """Give a file a second name; copy it if the file system has no links.

    Raises
    ------
    ArtifactError
        If neither can be done.
    """
    try:
        os.link(source, target)
    except OSError:
        try:
            shutil.copy2(source, target)
        except OSError as error:
            reason = error.strerror or error
            raise ArtifactError(f"{source}: cannot be copied to {target} ({reason})") from error
