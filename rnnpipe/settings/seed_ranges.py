"""Seeds as written in the experiment file: 5, "0-7", "0-3,8" or [1, 5, "8-11"]."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from rnnpipe.faults import shown
from rnnpipe.parameters import LARGEST_SEED

MAXIMUM_SEEDS = 100_000

# Numbers of more digits than Python reads are no numbers.
_ITEM = re.compile(r"\s*(\d{1,1000})\s*(?:-\s*(\d{1,1000})\s*)?", re.ASCII)
_SYNTAX = 'give a whole number >= 0, a range "0-7", or several: "0-3,8", [1, 5, "8-11"]'


def expand_seeds(value: Any) -> tuple[int, ...]:
    """Expand the seeds of an experiment file.

    Parameters
    ----------
    value
        A whole number, a text of numbers and inclusive ranges separated by
        commas, or a list of either.

    Returns
    -------
    tuple of int
        Every seed once, ascending.

    Raises
    ------
    ValueError
        If an item is neither a number nor a range, a range runs backwards, a
        seed is named twice or is above `LARGEST_SEED`, no seed is named, or there are
        more than `MAXIMUM_SEEDS`.
    """
    items = value if isinstance(value, list | tuple) else [value]
    seeds: list[int] = []
    for item in items:
        for first, last in _ranges(item):
            if last > LARGEST_SEED:
                raise ValueError(f"{_short(last)} is above {LARGEST_SEED}, the largest seed")
            if len(seeds) + last - first + 1 > MAXIMUM_SEEDS:
                raise ValueError(f"more than {MAXIMUM_SEEDS} seeds")
            seeds.extend(range(first, last + 1))
    if not seeds:
        raise ValueError(f"names no seed; {_SYNTAX}")
    twice = sorted(seed for seed, count in Counter(seeds).items() if count > 1)
    if twice:
        more = f" and {len(twice) - 5} others" if len(twice) > 5 else ""
        raise ValueError(f"names seed {', '.join(map(str, twice[:5]))}{more} more than once")
    return tuple(sorted(seeds))


def _short(seed: int) -> str:
    return f"seed {seed}" if seed < 10**30 else "a seed"


def _ranges(item: Any) -> list[tuple[int, int]]:
    if isinstance(item, int) and not isinstance(item, bool) and item >= 0:
        return [(item, item)]
    if not isinstance(item, str):
        raise ValueError(f"{shown(item)} is not a seed; {_SYNTAX}")
    ranges = []
    for part in item.split(","):
        match = _ITEM.fullmatch(part)
        if match is None:
            raise ValueError(f"{shown(part.strip())} is not a seed or a range; {_SYNTAX}")
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        if last < first:
            raise ValueError(f"the range {shown(part.strip())} runs backwards; give {last}-{first}")
        ranges.append((first, last))
    return ranges


def as_ranges(seeds: Sequence[int]) -> str:
    """Write ascending seeds as in an experiment file: ``0-3,8``."""
    ends: list[list[int]] = []
    for seed in seeds:
        if ends and seed == ends[-1][1] + 1:
            ends[-1][1] = seed
        else:
            ends.append([seed, seed])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)


_ONE = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string", "pattern": r"^\s*\d+\s*(-\s*\d+\s*)?(,\s*\d+\s*(-\s*\d+\s*)?)*$"}

Seeds = Annotated[
    tuple[int, ...],
    Field(min_length=1),
    BeforeValidator(expand_seeds),
    WithJsonSchema(
        {
            "anyOf": [
                _ONE,
                _TEXT,
                {"type": "array", "items": {"anyOf": [_ONE, _TEXT]}, "minItems": 1},
            ]
        }
    ),
]
