"""Faults of an experiment file, and the one exception that lists them all."""

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_LONGEST_VALUE = 60
_LONGEST_KEY = 200


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an experiment file.

    Attributes
    ----------
    key
        Dotted key (``models.tanh64.units``), or a line of the file.
    message
        The offending value and what is allowed.
    """

    key: str
    message: str

    def __str__(self) -> str:
        key = _shortened(self.key, _LONGEST_KEY)
        text = f"{key}: {self.message}" if key else self.message
        # Keys and messages may quote anything: one fault stays one line that can be printed.
        return "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in text)

    def below(self, parent: str) -> "Fault":
        """Return the same fault with its key continued from `parent`."""
        return Fault(join_keys(parent, self.key), self.message)


class SettingsError(ValueError):
    """An experiment file that cannot be used, with every fault that was found."""

    def __init__(self, faults: Iterable[Fault], source: str = "") -> None:
        self.faults = tuple(dict.fromkeys(faults))
        self.source = source
        super().__init__(self.faults, source)

    def __str__(self) -> str:
        count = len(self.faults)
        heading = f"{self.source or 'settings'}: {count} {'fault' if count == 1 else 'faults'}"
        return "\n".join([heading, *(f"  {fault}" for fault in self.faults)])


def join_keys(*keys: str) -> str:
    """Join keys with dots; empty ones vanish and ``[2]`` follows without a dot."""
    return ".".join(key for key in keys if key).replace(".[", "[")


def shown(value: Any) -> str:
    """Return a value as it would stand in YAML's flow style, shortened when long."""
    try:
        text = json.dumps(value, default=str, ensure_ascii=False)
    except TypeError:
        text = str(value)
    return _shortened(text, _LONGEST_VALUE)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."


def suggestion(word: Any, choices: Sequence[str]) -> str:
    """Return ``; did you mean "x"?`` for the choice nearest to `word`, or nothing."""
    near = difflib.get_close_matches(str(word), choices, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""
