"""Mutations of experiment files: of what they say, and of how it is written."""

import random
import string
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import yaml

# Numbers at and beyond the ends of what keys take, and what is no number at all.
BOUNDARIES = (
    *(0, -1, 1, 2, 3, 0.5, 1.0, 0.999, -0.0, 1e-300, 1e308, -1e308, 1e39, 1e15, 1e9, 10**9),
    *(2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**30, 10**300, float("nan"), float("inf")),
    *(float("-inf"), "", " ", "all", "0-3", "1e3", "1e400", "nan", "null", "0x10", "é", "数", "\n"),
    *("\u202e", "\x7f", "a" * 300, "9" * 500, "x" * 20_000, "-a", "..", ".", "a/b", "../a", "a.b"),
    *("{seed}", "{", "{0}", "{seed!r:>99}", "/dev/zero", "pipe.npy", "pipe.py:Task", "~", True),
    *(False, None, (), {}, [[]], [{}], {"": 0}, {"kind": None}, {1: 2}, [1, 1], [0, 1, 10**9]),
    *([-1, 1, 5], [None], "2001-01-01", b"\x00\xff", {"a": {"b": {"c": {}}}}),
)
Path = tuple[Any, ...]


def places(tree: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value below the root."""
    if not isinstance(tree, dict | list):
        return
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def at(tree: Any, path: Path) -> Any:
    """The value at a path."""
    for key in path:
        tree = tree[key]
    return tree


def delete(tree: Any, path: Path, rng: random.Random) -> None:
    del at(tree, path[:-1])[path[-1]]


def replace(tree: Any, path: Path, rng: random.Random) -> None:
    at(tree, path[:-1])[path[-1]] = deepcopy(rng.choice(BOUNDARIES))


def scale(tree: Any, path: Path, rng: random.Random) -> None:
    """Another number of the same kind, or the value twice."""
    holder, key = at(tree, path[:-1]), path[-1]
    value = holder[key]
    if isinstance(value, int | float) and not isinstance(value, bool):
        holder[key] = value * rng.choice((-1, 0, 2, 3, 10, 0.5, 0.1, 1 + 1e-9))
    else:
        holder[key] = [value, deepcopy(value)]


def retype(tree: Any, path: Path, rng: random.Random) -> None:
    holder, key = at(tree, path[:-1]), path[-1]
    wraps: tuple[Callable[[Any], Any], ...] = (
        str,
        repr,
        lambda value: [value],
        lambda value: {"value": value},
        lambda value: list(value) if isinstance(value, dict | str) else [value, value],
        lambda value: dict(enumerate(value)) if isinstance(value, list) else {value.__class__: 1},
        bool,
    )
    value = rng.choice(wraps[:6] if not isinstance(holder[key], dict) else wraps[:5])(holder[key])
    holder[key] = str(value) if isinstance(value, dict) and type in map(type, value) else value


def rename(tree: Any, path: Path, rng: random.Random) -> None:
    """Another key by one letter; of a list, its entries in another order."""
    holder, key = at(tree, path[:-1]), path[-1]
    if isinstance(holder, list):
        rng.shuffle(holder)
        return
    letters = list(str(key))
    place = rng.randrange(len(letters) + 1)
    letters[place : place + rng.randrange(2)] = rng.choice((*string.printable, "", "é"))
    renamed = "".join(letters)
    content = [(renamed if name == key else name, value) for name, value in holder.items()]
    holder.clear()
    holder.update(content)


def swap(tree: Any, path: Path, rng: random.Random) -> None:
    """Two values change places, whichever sections they are in."""
    other = rng.choice(list(places(tree)))
    if path[: len(other)] == other or other[: len(path)] == path:
        return
    one, two = at(tree, path), at(tree, other)
    at(tree, path[:-1])[path[-1]] = two
    at(tree, other[:-1])[other[-1]] = one


def copy_elsewhere(tree: Any, path: Path, rng: random.Random) -> None:
    """A value stands a second time, under its own key, in another mapping or list."""
    target = at(tree, rng.choice([(), *places(tree)]))
    value = deepcopy(at(tree, path))
    if isinstance(target, dict):
        target[path[-1]] = value
    elif isinstance(target, list):
        target.append(value)


def nest(tree: Any, path: Path, rng: random.Random) -> None:
    holder, key = at(tree, path[:-1]), path[-1]
    value = holder[key]
    for _ in range(rng.choice((1, 2, 10, 49, 60, 120))):
        value = [value] if rng.random() < 0.5 else {"a": value}
    holder[key] = value


def alias(tree: Any, path: Path, rng: random.Random) -> None:
    """Values that hold themselves, or that hold others again and again."""
    holder, key = at(tree, path[:-1]), path[-1]
    if rng.random() < 0.5:
        holder[key] = tree if rng.random() < 0.5 else holder
        return
    value = [holder[key]]
    for _ in range(rng.choice((3, 12))):
        value = [value] * 8
    holder[key] = value


# Those that leave most files valid stand several times.
CHANGES = (
    *(delete, delete, replace, replace, replace, scale, scale, scale),
    *(retype, rename, swap, copy_elsewhere, nest, alias),
)


def break_text(text: str, rng: random.Random) -> str:
    """Change how a file is written: lines, indentation, single characters, its end."""
    lines = text.splitlines()
    i = rng.randrange(len(lines))
    match rng.randrange(7):
        case 0:
            lines.insert(rng.randrange(len(lines)), lines[i])
        case 1:
            del lines[i]
        case 2:
            lines[i] = rng.choice((" ", "    ", "\t", "- ", "? ", "&a ", "*a", "!!set ")) + lines[i]
        case 3:
            marks = (*string.printable, "\0", "\u2028", "\ufeff", "é", "<<: ", "!!python/object:")
            j = rng.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:j] + rng.choice(marks) + lines[i][j + rng.randrange(2) :]
        case 4:
            lines = lines[:i]
        case 5:
            lines[i] = lines[i].lstrip()
        case 6:
            lines = [*lines, *lines]
    return "\n".join(lines) + "\n"


def mutated(text: str, seed: int) -> str:
    """An experiment file with one to three mutations, decided by a seed."""
    rng = random.Random(seed)
    if rng.random() < 0.2:
        return break_text(text, rng)
    tree = yaml.safe_load(text)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        # A value that holds itself has no end.
        if not (found := _finite_places(tree)):
            break
        rng.choice(CHANGES)(tree, rng.choice(found), rng)
    return yaml.dump(tree, allow_unicode=True, sort_keys=False)


def _finite_places(tree: Any) -> list[Path]:
    try:
        found = []
        for path in places(tree):
            found.append(path)
            if len(found) > 5000 or len(path) > 400:
                return []
        return found
    except RecursionError:
        return []
