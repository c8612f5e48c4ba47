"""Turn the errors of pydantic into faults that name the key and what is allowed there."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from rnnpipe.faults import Fault, SettingsError, join_keys, shown, suggestion
from rnnpipe.given_files import CLASS_KIND
from rnnpipe.parameters import LONGEST_NAME
from rnnpipe.settings.reading.schema import Node, allowed, locate


def read_faults(error: ValidationError, schema: Node) -> list[Fault]:
    """Return one fault for every error that pydantic found.

    Parameters
    ----------
    error
        What validation raised. A `SettingsError` raised by a validator stands
        for several faults, whose keys continue the validator's own.
    schema
        JSON schema of the model that was validated.
    """
    return [
        fault
        for details in error.errors(include_url=False)
        if not _follows_from_others(details)
        for fault in _faults_of(details, schema)
    ]


def _follows_from_others(details: dict[str, Any]) -> bool:
    """Return whether a list counts as empty only since its entries, each a fault, were left out."""
    return details["type"] == "too_short" and len(details["input"]) > 0


def _faults_of(details: dict[str, Any], schema: Node) -> list[Fault]:
    location = details["loc"]
    if details["type"] == "extra_forbidden":
        return [_unknown_key(details, schema)]
    if location and location[-1] == "[key]":
        key = locate(schema, location[:-2]).key
        reserved = details.get("ctx", {}).get("error")
        return [Fault(key, f"{shown(details['input'])} is no name; {reserved or _NAMES}")]
    if details["type"] == "invalid_key":
        key = join_keys(locate(schema, location[:-1]).key, str(location[-1]))
        return [Fault(key, "the key is not text; put it in quotes")]
    place = locate(schema, location)
    cause = details.get("ctx", {}).get("error")
    if isinstance(cause, SettingsError):
        return [fault.below(place.key) for fault in cause.faults]
    if isinstance(cause, ValueError):
        return [Fault(place.key, f"{shown(details['input'])}: {cause}")]
    if details["type"].startswith("union_tag"):
        return [_unknown_kind(details, place.key, place.node)]
    if details["type"] == "missing":
        return [Fault(place.key, f"is missing: {place.node.get('description', '')}")]
    if details["type"] in ("too_short", "dict_type", "model_type", "model_attributes_type"):
        empty = details["type"] == "too_short"
        return [Fault(place.key, f"{shown(details['input'])}: must be {_shape(place.node, empty)}")]
    near = suggestion(details["input"], place.node.get("enum", []))
    message = f"{shown(details['input'])} is not {allowed(place.node)}{near}"
    return [Fault(place.key, message)]


_NAMES = (
    f"a name has letters, digits, _ and - only, at most {LONGEST_NAME}, at least one letter, and "
    "does not begin with - (quote it if YAML takes it for something else)"
)


def _shape(node: Node, empty: bool) -> str:
    kind = "list" if node.get("type") == "array" else "mapping"
    return f"a {kind} with at least one entry" if empty else f"a {kind}; {{}} is an empty one"


def _unknown_key(details: dict[str, Any], schema: Node) -> Fault:
    *parent, name = details["loc"]
    place = locate(schema, tuple(parent))
    known = list(place.node.get("properties", {}))
    others = place.alternatives
    owners = _classes_last(tag for tag in others if name in others[tag]["properties"])
    key = join_keys(place.key, str(name))
    if owners:
        return Fault(key, f"belongs to {' or '.join(owners)}, not to {parent[-1]}")
    return Fault(key, f"unknown key; known are {', '.join(known)}{suggestion(name, known)}")


def _unknown_kind(details: dict[str, Any], key: str, node: Node) -> Fault:
    if not isinstance(details["input"], dict):
        return Fault(key, f"{shown(details['input'])}: must be {_shape(node, empty=False)}")
    tags = _classes_last(node["discriminator"]["mapping"])
    choices = f"one of {', '.join(tags)}"
    tag_key = join_keys(key, node["discriminator"]["propertyName"])
    if details["type"] == "union_tag_not_found":
        return Fault(tag_key, f"is missing; give {choices}")
    tag = details["ctx"]["tag"]
    return Fault(tag_key, f"{shown(tag)} is not {choices}{suggestion(tag, tags)}")


def _classes_last(tags: Iterable[str]) -> list[str]:
    """Order tags: names first, then that of a class in a file."""
    return sorted(tags, key=lambda tag: tag == CLASS_KIND)
