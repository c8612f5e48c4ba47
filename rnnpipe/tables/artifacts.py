"""Files between stages: written whole or not at all, with what made them.

A file is written under a temporary name in its own folder and renamed when it
is complete, so a file with its proper name is whole. Its bytes depend on content,
settings, version and commit alone: no times of day, no durations.
"""

import os
import pickle
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from rnnpipe import __version__
from rnnpipe.parameters import canonical


class ArtifactError(Exception):
    """A file that is missing, damaged or not what its reader needs."""


@cache
def commit() -> str:
    """Return the commit of the checkout that holds this package; empty outside a checkout."""
    here = Path(__file__).resolve().parent
    command = ["git", "-C", str(here), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def provenance(settings: BaseModel | Mapping[str, Any]) -> str:
    """Write settings, package version and commit as JSON."""
    return canonical({"settings": settings, "version": __version__, "commit": commit()})


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raise `ArtifactError` if it cannot be written."""
    path = Path(path)
    # A leading dot hides the partial file from dataset readers; a fixed name
    # lets the next attempt overwrite what a killed job left.
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(partial, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be written ({error.strerror or error})") from error


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
    """Give a file a second name; copy it if the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
