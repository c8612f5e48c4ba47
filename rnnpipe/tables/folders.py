"""Folders that are whole or not there, and files that stand in two of them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnnpipe.tables.artifacts import ArtifactError


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A new folder to be filled, which takes the name and the place of `path` at the end.

    Raises
    ------
    ArtifactError
        If it cannot be written.
    """
    path = Path(path)
    # As with files: a killed job leaves nothing that looks finished.
    partial = path.with_name(f".{path.name}.partial")
    with _as_fault(path):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
    yield partial
    with _as_fault(path):
        if path.exists():
            shutil.rmtree(path)
        partial.rename(path)


@contextmanager
def _as_fault(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be written ({error.strerror or error})") from error


def link(source: Path, target: Path) -> None:
    """Let a file stand under another name too; a copy where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
