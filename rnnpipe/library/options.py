"""Bounds of the library's options: the bounds of the settings that have the same meaning."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from rnnpipe.parameters import Settings
from rnnpipe.settings.reading.pydantic_faults import read_faults

# Name of an option to the section and the field that bound it.
Bounds = Mapping[str, tuple[type[Settings], str]]


def options_of(function: Callable[..., Any], *sections: type[Settings]) -> Bounds:
    """Keyword arguments of a function that are fields of a section, the first that has one."""
    parameters = inspect.signature(function).parameters.values()
    keywords = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    owners = {name: section for section in reversed(sections) for name in section.model_fields}
    return {name: (owners[name], name) for name in keywords if name in owners}


def read_options(given: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """Check options against their bounds, and return them as plain numbers.

    Raises
    ------
    TypeError
        If an option is unknown; names those that exist.
    ValueError
        If a value is out of bounds; names the option, the value and what is allowed.
    """
    if unknown := sorted(given.keys() - bounds.keys()):
        raise TypeError(f"unknown option {', '.join(unknown)}; there are {', '.join(bounds)}")
    return {name: _read(name, value, *bounds[name]) for name, value in given.items()}


def _read(name: str, value: Any, section: type[Settings], field: str) -> Any:
    # Numbers of NumPy and torch know how to become Python's.
    plain = value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
    try:
        return getattr(section(**{field: plain}), field)
    except ValidationError as error:
        (fault, *_) = read_faults(error, section.model_json_schema())
        raise ValueError(f"option {name}: {fault.message}") from None
