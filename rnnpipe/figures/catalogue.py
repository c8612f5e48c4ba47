"""The kinds of figure: what each needs, and which tasks it suits.

The workflow reads this for every job, so neither pandas nor matplotlib is imported: what a kind
needs stands in its own file as ``NEEDS``, which is parsed here when it is asked for, not run.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from rnnpipe.figures.kinds import NAMES
from rnnpipe.settings.asked import Asked


@dataclass(frozen=True)
class Needs:
    """What a kind of figure needs; written in its file with literal values alone.

    Attributes
    ----------
    tables
        The tables that it draws. Tables of blocks are read of the example
        networks alone, unless they are named in `everyone`.
    everyone
        Tables of blocks of which it needs these columns of all networks; with no columns named,
        all but those of lists.
    columns
        Tables of blocks of which it needs these columns alone of the example networks.
    parts
        Kinds of which it draws parts, and whose tables it needs as well.
    metrics
        The distances that it needs of the table of distances.
    tasks
        Kinds of task that it suits; ``None``: all.
    only
        To which cohorts it applies: to all, or to those alone of which `settings.asked` says so.
    models, constraints, cohorts
        Fewest models, constraints, and cohorts of either that it compares.
    """

    tables: tuple[str, ...]
    tasks: tuple[str, ...] | None = None
    only: Asked | None = None
    models: int = 1
    constraints: int = 1
    cohorts: int = 1
    everyone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()


def _read(name: str) -> Needs:
    """Read the ``NEEDS`` of a kind from the text of its file."""
    path = Path(__file__).with_name("kinds") / f"{name}.py"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NEEDS":
            return Needs(**{word.arg: ast.literal_eval(word.value) for word in node.value.keywords})
    raise ValueError(f"{path}: no NEEDS = Needs(…) says what this kind of figure needs")


@cache
def _whole(name: str) -> Needs:
    """Needs of a kind and of its parts."""
    needs = _read(name)
    tables = [table for part in needs.parts for table in _whole(part).tables]
    return replace(needs, tables=tuple(dict.fromkeys([*tables, *needs.tables])))


class _Catalogue(Mapping[str, Needs]):
    """What each kind of figure needs, by its name; a job reads no more files than it asks for."""

    def __getitem__(self, name: str) -> Needs:
        if name not in NAMES:
            raise KeyError(name)
        return _whole(name)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


KINDS = _Catalogue()


def kinds_for(
    task_kind: str, asked: Collection[Asked] = (), models: int = 1, constraints: int = 1
) -> list[str]:
    """Names of the kinds of figure that apply to a task.

    Parameters
    ----------
    task_kind
        Kind of the task.
    asked
        What is asked of any of its cohorts.
    models, constraints
        How many of either it has.
    """
    return [
        name
        for name, needs in KINDS.items()
        if (needs.tasks is None or task_kind in needs.tasks)
        and (needs.only is None or needs.only in asked)
        and models >= needs.models
        and constraints >= needs.constraints
        and models * constraints >= needs.cohorts
    ]
