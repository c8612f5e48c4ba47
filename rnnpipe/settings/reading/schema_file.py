"""The JSON schema of the experiment file as a file in YAML: for editors and catalogues."""

from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from rnnpipe.settings.reading.schema import Node, json_schema, resolve

_HEAD = """\
# The rules of an experiment file, for editors and for catalogues of workflows.
# `rnnpipe schema` prints them from the settings.
"""


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, and nothing as a reference to something else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style)


_Dumper.add_representer(str, _Dumper.represent_str)


def schema_text(model: type[BaseModel]) -> str:
    """Return the JSON schema as the text of a YAML file, with a final newline."""
    schema = {
        "$schema": GenerateJsonSchema.schema_dialect,
        **with_sections_in_place(json_schema(model)),
    }
    return _HEAD + yaml.dump(schema, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def with_sections_in_place(schema: Node) -> Node:
    """Return a schema whose sections stand where they are named.

    Catalogues list the keys that stand there, and follow no reference. What remains referred
    to stands once, under ``$defs``.
    """
    sections = {key: _in_place(node, schema) for key, node in schema["properties"].items()}
    written = {**schema, "properties": sections}
    del written["$defs"]
    names = _referred(written, schema["$defs"])
    return {**written, "$defs": {name: schema["$defs"][name] for name in sorted(names)}}


def _in_place(node: Node, schema: Node) -> Node:
    if "$ref" not in node:
        return node
    own = {key: value for key, value in node.items() if key != "$ref"}
    return {**resolve(schema, node), **own}


def _referred(node: Any, definitions: Node, known: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the names of definitions that a part of a schema needs, beside those known."""
    for reference in _references(node):
        name = reference.rsplit("/", 1)[-1]
        if name not in known:
            known = _referred(definitions[name], definitions, known | {name})
    return known


def _references(node: Any) -> Iterator[str]:
    """Yield every ``$ref`` in a part of a schema."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)
