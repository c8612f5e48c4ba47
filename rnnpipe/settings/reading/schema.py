"""The JSON schema of the experiment file: help in editors, and the source of messages."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from rnnpipe.settings.reading.by_key import ByKey

Node = dict[str, Any]


class _Generator(GenerateJsonSchema):
    """Alternatives may overlap: a task named after its kind needs no ``kind``."""

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        node = super().tagged_union_schema(schema)
        node["anyOf"] = node.pop("oneOf")
        if isinstance(by := schema["discriminator"], ByKey):
            # Several tags may have one form, which stands once.
            mapping = {str(t): self.generate_inner(c)["$ref"] for t, c in schema["choices"].items()}
            node["discriminator"] = {"propertyName": by.key, "mapping": mapping}
        return node


@cache
def json_schema(model: type[BaseModel]) -> Node:
    """Return the JSON schema of a model of settings, which is not to be changed."""
    return model.model_json_schema(schema_generator=_Generator)


@dataclass(frozen=True)
class Place:
    """Where an error location of pydantic leads in a schema.

    Attributes
    ----------
    key
        Dotted key as it stands in the file, without the tags of alternatives.
    node
        What the schema says there; empty if it says nothing.
    alternatives
        The other members of the tagged union that `node` was chosen from, by tag.
    """

    key: str
    node: Node
    alternatives: dict[str, Node] = field(default_factory=dict)


def locate(schema: Node, location: tuple[int | str, ...]) -> Place:
    """Follow an error location of pydantic through a schema."""
    node = resolve(schema, schema)
    key = ""
    alternatives: dict[str, Node] = {}
    for part in location:
        mapping = node.get("discriminator", {}).get("mapping", {})
        if part in mapping:
            nodes = {tag: resolve(schema, {"$ref": ref}) for tag, ref in mapping.items()}
            node = nodes[part]
            alternatives = {tag: other for tag, other in nodes.items() if other is not node}
            continue
        alternatives = {}
        if isinstance(part, int) and not node.keys() & {"properties", "patternProperties"}:
            key += f"[{part}]"
            node = node.get("items", {})
        else:
            # A number may stand where a name should.
            part = str(part)
            key += f".{part}" if key else part
            entry = next(iter(node.get("patternProperties", {}).values()), {})
            node = node.get("properties", {}).get(part, entry)
        node = resolve(schema, node)
    return Place(key, node, alternatives)


def resolve(schema: Node, node: Node) -> Node:
    """Follow references, and choose the mapping among the forms that a key may take."""
    while "$ref" in node:
        own = {key: value for key, value in node.items() if key != "$ref"}
        node = {**schema["$defs"][node["$ref"].rsplit("/", 1)[-1]], **own}
    structured = [
        form for form in node.get("anyOf", []) if "$ref" in form or "discriminator" in form
    ]
    if "discriminator" not in node and len(structured) == 1:
        return resolve(schema, structured[0])
    return node


def _written(number: float) -> str:
    """Write a bound: whole numbers with all digits."""
    return str(number) if isinstance(number, int) else f"{number:g}"


def _text(node: Node) -> str:
    if "pattern" not in node:
        return "text"
    name = "a name of letters, digits, _ and -"
    longest = f", at most {node['maxLength']}" if "maxLength" in node else ""
    return f"{name}{longest}"


def allowed(node: Node) -> str:
    """Say in words which values a schema node allows."""
    if "enum" in node or "const" in node:
        return f"one of {', '.join(map(str, node.get('enum', [node.get('const')])))}"
    if "discriminator" in node:
        return "a mapping"
    if "anyOf" in node:
        return " or ".join(allowed(form) for form in node["anyOf"])
    if node.get("type") == "array":
        at_least = "a non-empty list" if node.get("minItems") else "a list"
        return f"{at_least}, each {allowed(node.get('items', {}))}"
    kinds = {
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false",
        "null": "null",
        "string": _text(node),
    }
    bounds = [
        f"{sign} {_written(node[bound])}"
        for bound, sign in (
            ("exclusiveMinimum", ">"),
            ("minimum", ">="),
            ("exclusiveMaximum", "<"),
            ("maximum", "<="),
        )
        if bound in node
    ]
    return " ".join([kinds.get(node.get("type", ""), "a mapping"), " and ".join(bounds)]).strip()
