"""A task class in the user's own Python file, named as ``path/to/file.py:Class``."""

import difflib
import inspect
import sys
import traceback
from collections.abc import Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any

from rnnpipe.tasks.base import Task, TaskError
from rnnpipe.tasks.content import content, content_hash


def file_of(kind: str) -> str:
    """Path of the file in ``path/to/file.py:Class``."""
    return kind.rpartition(":")[0]


def task_class(kind: str) -> type[Task]:
    """The class that ``path/to/file.py:Class`` names.

    Raises
    ------
    TaskError
        If the file cannot be read or run, or has no such subclass of `Task`.
    """
    path, _, name = kind.rpartition(":")
    module = _module(path, content_hash(path))
    found = getattr(module, name, None)
    if isinstance(found, type) and issubclass(found, Task):
        return found
    own = [
        key
        for key, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, Task)
        and value.__module__ == module.__name__
    ]
    has = (
        f"its tasks are {', '.join(own)}" if own else "it defines no subclass of rnnpipe.tasks.Task"
    )
    what = f"has no class {name}" if found is None else f"{name} is no rnnpipe.tasks.Task"
    raise TaskError(f"{path}: {what}; {has}")


@lru_cache(maxsize=16)
def _module(path: str, digest: str) -> ModuleType:
    # By its content's hash: two files of one name, or two versions of a file, do not meet.
    module = ModuleType(f"rnnpipe_task_{digest}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses and pickles look there
    try:
        exec(compile(content(path), path, "exec"), vars(module))
    except Exception as error:
        raise TaskError(f"{path}: cannot be imported: {error_text(error, path)}") from error
    return module


def wrong_arguments(kind: str, arguments: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with arguments of a class's constructor, by name; says what it takes."""
    found = task_class(kind)
    parameters = inspect.signature(found).parameters
    named = {
        key: p
        for key, p in parameters.items()
        if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    }
    wrong = {}
    if not any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        takes = f"{found.__name__} takes {', '.join(named) or 'none'}"
        for key in arguments.keys() - named.keys():
            near = difflib.get_close_matches(key, named, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            wrong[key] = f"is no argument: {takes}{hint}"
    for key, parameter in named.items():
        if parameter.default is parameter.empty and key not in arguments:
            wrong[key] = f"is missing: {found.__name__} has no default for it"
    return wrong


def own_task(kind: str, arguments: Mapping[str, Any]) -> Task:
    """A task of the user's class.

    Raises
    ------
    TaskError
        If the constructor fails; names class, error and line.
    """
    path, _, name = kind.rpartition(":")
    found = task_class(kind)
    try:
        return found(**arguments)
    except Exception as error:
        raise TaskError(f"{path}: {name} cannot be made: {error_text(error, path)}") from error


def error_text(error: Exception, path: str) -> str:
    """An error of the user's code: its type, its words and the line of the file."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    if isinstance(error, SyntaxError):
        lines, words = [error.lineno], error.msg
    else:
        words = " ".join(str(error).split())
    where = f" (line {lines[-1]})" if lines else ""
    return f"{type(error).__name__}: {words}{where}"
