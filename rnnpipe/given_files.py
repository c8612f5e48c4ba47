"""Files that a user names: their contents, the classes in them, and what is wrong with them.

What is no regular file is refused before it is opened: reading a pipe waits for a writer that may
never come, and a device has no end.
"""

import ast
import hashlib
import inspect
import json
import os
import stat
import sys
import traceback
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from rnnpipe.faults import Fault, SettingsError, suggestion
from rnnpipe.parameters import read_number

# A class in a Python file, as messages and the schema name it, and how it is written.
CLASS_KIND = "FILE.py:CLASS"
CLASS_PATTERN = r"^.+\.py:[A-Za-z_][A-Za-z0-9_]*$"
# Key of a file's hash among settings; no argument of a constructor can bear this name.
CONTENT_HASH = "content-hash"
# Of what an error of the user's code says.
LONGEST_WORDS = 300
# Above this no file of masks or trials is read: memory would not hold it.
MOST_BYTES = 10**12


class GivenFileError(ValueError):
    """A file of the user's own that cannot be used; names the file and what is wrong."""


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


def content(path: str) -> bytes:
    """Read a file, relative to the working directory.

    Raises
    ------
    GivenFileError
        If it cannot be read; names the file.
    """
    try:
        require_regular_file(path)
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise GivenFileError(f"{path}: there is no such file in the working directory") from None
    except ValueError as error:
        raise GivenFileError(f"{path}: {error}") from None
    except OSError as error:
        raise GivenFileError(f"{path}: cannot be read ({error.strerror or error})") from None


def content_hash(path: str) -> str:
    """Return the hash of a file's content; `GivenFileError` where it cannot be read."""
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


def class_in_file(kind: str) -> None:
    """Look for the class that ``path/to/file.py:Class`` names, without running the file.

    Raises
    ------
    GivenFileError
        If the file cannot be read, is no Python, or nothing in it bears the name.
    """
    path, _, wanted = kind.rpartition(":")
    try:
        tree = ast.parse(content(path), path)
    except (SyntaxError, ValueError) as error:
        if isinstance(error, GivenFileError):
            raise
        raise GivenFileError(f"{path}: cannot be read: {error_text(error, path)}") from None
    named = {name for node in tree.body for name in _names(node)}
    if wanted not in named:
        own = ", ".join(node.name for node in tree.body if isinstance(node, ast.ClassDef))
        near = suggestion(wanted, sorted(named))
        raise GivenFileError(
            f"{path}: has no class {wanted}; its classes are {own or 'none'}{near}"
        )


def _names(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of a file binds."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names)
    else:
        yield from (
            inner.id
            for inner in ast.walk(node)
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
        )


def given_class(kind: str, base: type, name: str) -> type:
    """Return the class that ``path/to/file.py:Class`` names.

    Parameters
    ----------
    kind
        The file and the class.
    base
        What it has to derive from.
    name
        The name of `base`, as the user imports it.

    Raises
    ------
    GivenFileError
        If the file cannot be read or run, or has no such subclass.
    """
    path, _, wanted = kind.rpartition(":")
    module = _module(path, content_hash(path))
    found = getattr(module, wanted, None)
    if isinstance(found, type) and issubclass(found, base):
        return found
    own = [
        key
        for key, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
    ]
    has = (
        f"its {base.__name__.lower()}s are {', '.join(own)}"
        if own
        else f"it defines no subclass of {name}"
    )
    what = f"has no class {wanted}" if found is None else f"{wanted} is no {name}"
    raise GivenFileError(f"{path}: {what}; {has}")


@lru_cache(maxsize=16)
def _module(path: str, digest: str) -> ModuleType:
    # By its content's hash: two files of one name, or two versions of a file, do not meet.
    module = ModuleType(f"rnnpipe_given_{digest}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses and pickles look there
    try:
        exec(compile(content(path), path, "exec"), vars(module))
    except Exception as error:
        raise GivenFileError(f"{path}: cannot be imported: {error_text(error, path)}") from error
    return module


def instance(kind: str, found: type, arguments: Mapping[str, Any]) -> Any:
    """Make an instance of the class that ``path/to/file.py:Class`` names.

    Raises
    ------
    GivenFileError
        If the constructor fails; names class, error and line.
    """
    path, _, name = kind.rpartition(":")
    try:
        return found(**arguments)
    except Exception as error:
        raise GivenFileError(f"{path}: {name} cannot be made: {error_text(error, path)}") from error


def wrong_arguments(
    found: type, arguments: Mapping[str, Any], known: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return what is wrong with arguments of a class's constructor, by name.

    Parameters
    ----------
    found
        The class.
    arguments
        Those given.
    known
        Those that every such class is given beside them.
    """
    parameters = inspect.signature(found).parameters
    named = {
        key: p
        for key, p in parameters.items()
        if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) and key not in known
    }
    wrong = {}
    if not any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        takes = f"{found.__name__} takes {', '.join(named) or 'none'}"
        for key in arguments.keys() - named.keys():
            wrong[key] = f"is no argument: {takes}{suggestion(key, list(named))}"
    for key, parameter in named.items():
        if parameter.default is parameter.empty and key not in arguments:
            wrong[key] = f"is missing: {found.__name__} has no default for it"
    return wrong


def error_text(error: Exception, path: str) -> str:
    """Describe an error of the user's code: its type, its words and the line of the file."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    if isinstance(error, SyntaxError):
        lines, words = [error.lineno], error.msg
    else:
        words = " ".join(str(error).split())[:LONGEST_WORDS]
    where = f" (line {lines[-1]})" if lines else ""
    return f"{type(error).__name__}: {words}{where}"


def read_argument(key: str, value: Any) -> Any:
    """Prepare a YAML value for a constructor: ``1e-3`` is a number, and all is JSON."""
    if isinstance(value, str) and "e" in value.lower():
        value = read_number(value)
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        message = "must be finite numbers, text, true, false, null, or lists and mappings of these"
        raise SettingsError([Fault(key, message)]) from None
    return value
