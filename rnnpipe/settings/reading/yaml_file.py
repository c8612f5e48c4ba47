"""Read a YAML file strictly: a key given twice is a fault, not a silent override."""

from pathlib import Path
from typing import Any

import yaml

from rnnpipe.faults import Fault, SettingsError, shown


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that notes every key given twice in one mapping."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.duplicates: list[Fault] = []

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
        If the file cannot be read, is not YAML, or holds no mapping.
    """
    source = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError([Fault("", f"cannot be read: {error.strerror}")], source) from None
    except UnicodeDecodeError:
        raise SettingsError([Fault("", "is not a text file in UTF-8")], source) from None
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
