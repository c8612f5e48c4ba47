"""Cells by their kind, also those of a class in the user's own Python file."""

import re
from collections.abc import Mapping
from typing import Any

from rnnpipe.given_files import (
    CLASS_PATTERN,
    CONTENT_HASH,
    GivenFileError,
    content_hash,
    given_class,
    instance,
    wrong_arguments,
)
from rnnpipe.networks.cells import CELLS, Cell

# What every cell is given beside arguments of its own.
KNOWN = ("activation", "alpha", "noise")


def cell_of(
    kind: str, activation: str, alpha: float, noise: float, own: Mapping[str, Any] | None = None
) -> Cell:
    """Make a cell.

    Parameters
    ----------
    kind
        Its name, or ``path/to/file.py:Class``.
    activation, alpha, noise
        As of `Cell`.
    own
        Of a class in a file, its arguments by name; under `CONTENT_HASH` the hash that the file
        must have.

    Raises
    ------
    GivenFileError
        If the file cannot be used, has changed, or the class cannot be made; names the file.
    """
    if not re.match(CLASS_PATTERN, kind):
        return CELLS[kind](activation, alpha, noise)
    arguments = dict(own or {})
    path, digest = kind.rpartition(":")[0], arguments.pop(CONTENT_HASH, None)
    now = content_hash(path)
    if digest not in (None, now):
        raise GivenFileError(
            f"{path}: has changed since the networks of its cell were made; run the workflow again"
        )
    known = dict(zip(KNOWN, (activation, alpha, noise), strict=True))
    cell = instance(kind, cell_class(kind), {**known, **arguments})
    cell.kind, cell.own = kind, {**arguments, CONTENT_HASH: now}
    # Whatever its parent is, the fixed points need not solve the parent's equation.
    cell.current = None
    return cell


def cell_class(kind: str) -> type[Cell]:
    """Return the class that ``path/to/file.py:Class`` names.

    Raises
    ------
    GivenFileError
        If the file cannot be read or run, or has no such subclass of `Cell`.
    """
    return given_class(kind, Cell, "rnnpipe.networks.cells.Cell")


def wrong_cell_arguments(kind: str, arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with arguments of a cell's class beside `KNOWN`, by name."""
    return wrong_arguments(cell_class(kind), arguments, KNOWN)
