"""Read a YAML file strictly: keys given twice are faults, and what would never end is refused."""

from pathlib import Path
from typing import Any

import yaml

from rnnpipe.faults import Fault, SettingsError, shown
from rnnpipe.given_files import require_regular_file

# A file takes a second to read up to here; the largest experiments have a few hundred values.
MOST_BYTES = 1_000_000
MOST_VALUES = 20_000
DEEPEST = 50
# Digits of the longest whole number; no key takes one of more than 20.
MOST_DIGITS = 300


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that notes every key given twice in one mapping.

    Aliases count as often as they stand there, with all that they stand for: so a few
    lines cannot stand for more than `MOST_VALUES` values, nor for themselves.
    """

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.duplicates: list[Fault] = []
        # Number of values of each finished node and its depth, aliases spelt out.
        self._extent: dict[int, tuple[int, int]] = {}
        # Values so far, and levels that are open.
        self._composed = self._open = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node:
        mark = self.peek_event().start_mark
        self._composed += 1
        if self._composed > MOST_VALUES:
            raise _refusal(f"more than {MOST_VALUES} values", mark)
        self._open += 1
        if self._open > DEEPEST:
            raise _refusal(f"nested deeper than {DEEPEST} levels", mark)
        node = super().compose_node(parent, index)
        self._open -= 1
        if id(node) not in self._extent:
            if not isinstance(node, yaml.ScalarNode) and node.end_mark is None:
                raise _refusal("an alias stands for something that holds it", mark)
            self._extent[id(node)] = self._measured(node)
        values, depth = self._extent[id(node)]
        if values > MOST_VALUES:
            raise _refusal(f"more than {MOST_VALUES} values, aliases spelt out", mark)
        if self._open + depth > DEEPEST:
            raise _refusal(f"nested deeper than {DEEPEST} levels, aliases spelt out", mark)
        return node

    def _measured(self, node: yaml.Node) -> tuple[int, int]:
        """Count the values of a node whose entries have been measured, and its levels."""
        if isinstance(node, yaml.ScalarNode):
            return 1, 1
        entries = node.value
        if isinstance(node, yaml.MappingNode):
            entries = [entry for pair in node.value for entry in pair]
        extents = [self._extent[id(entry)] for entry in entries]
        values = 1 + sum(values for values, _ in extents)
        return values, 1 + max((depth for _, depth in extents), default=0)

    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        first_lines: dict[tuple[str, str], int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            line = key.start_mark.line + 1
            if (first := first_lines.get((key.tag, key.value))) is None:
                first_lines[key.tag, key.value] = line
            else:
                message = f"key {shown(key.value)} stands on line {first} already"
                self.duplicates.append(Fault(f"line {line}", message))
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            value = super().construct_object(node, deep)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            kind = node.tag.rpartition(":")[2]
            raise _refusal(f"{shown(node.value)} is no {kind}", node.start_mark) from None
        if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
            raise _refusal(f"a number of more than {MOST_DIGITS} digits", node.start_mark)
        if isinstance(value, str) and not _is_text(value):
            raise _refusal("text with half a character or a zero byte", node.start_mark)
        return value


def _refusal(problem: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _is_text(value: str) -> bool:
    """Return whether text can be written to a file and stand in a path."""
    return "\0" not in value and not any("\ud800" <= mark <= "\udfff" for mark in value)


def read_yaml(path: str | Path) -> tuple[dict[Any, Any], list[Fault]]:
    """Read the mapping that a YAML file holds.

    Returns
    -------
    mapping
        The content.
    faults
        Keys that stand more than once in one mapping, with their lines.

    Raises
    ------
    SettingsError
        If the file cannot be read, is not YAML, holds no mapping, or more than an
        experiment can: `MOST_BYTES`, `MOST_VALUES`, levels beyond `DEEPEST`.
    """
    source = str(path)
    try:
        require_regular_file(path, MOST_BYTES)
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SettingsError([Fault("", "is not a text file in UTF-8")], source) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError([Fault("", f"cannot be read: {reason}")], source) from None
    try:
        loader = _StrictLoader(text)
        content = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}" if mark else ""
        raise SettingsError([Fault(line, f"not YAML: {error.problem}")], source) from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise SettingsError([Fault("", f"not YAML: {reason}")], source) from None
    if not isinstance(content, dict):
        fault = Fault(
            "", f"must be a mapping of keys (experiment, seeds, ...), not {shown(content)}"
        )
        raise SettingsError([fault], source)
    return content, loader.duplicates
