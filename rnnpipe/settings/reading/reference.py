"""The page on tasks: what each kind of task is, and every key, from its class."""

import inspect
import json
from collections.abc import Iterator

from rnnpipe.settings.reading.schema import Node, allowed, json_schema
from rnnpipe.tasks import TASKS, TaskWithSettings

_HEAD = """\
# Kinds of tasks

`rnnpipe tasks` prints this page from the classes in `rnnpipe/tasks/`. Every task may also have
`probes` and `training`, which [the page on the experiment file](README.md) explains.
"""
_COLUMNS = "| key | default | allowed | meaning |\n|---|---|---|---|"


def task_page() -> str:
    """Return the page as the text of a file, with a final newline."""
    return "\n".join([_HEAD, *(_section(kind, task) for kind, task in TASKS.items())])


def _section(kind: str, task: type[TaskWithSettings]) -> str:
    schema = json_schema(task)
    rows = [
        f"| `{key}` | {_default(key, node, schema)} | {allowed(node)} | {node['description']} |"
        for key, node in schema["properties"].items()
        if key not in ("kind", "probes")
    ]
    first = f"| `kind` | the name | {kind} | {schema['properties']['kind']['description']} |"
    return "\n".join([f"## {kind}", "", *_prose(task), _COLUMNS, first, *rows, ""])


def _prose(task: type[TaskWithSettings]) -> Iterator[str]:
    """Yield what the class and its channels are: paragraphs, each with an empty line after it."""
    text = inspect.cleandoc(task.__doc__ or "")
    if "channels" in vars(task):
        channels = inspect.getdoc(task.channels) or ""
        text += f"\n\nChannels: {channels[:1].lower()}{channels[1:]}"
    for paragraph in text.split("\n\n"):
        yield " ".join(paragraph.split()).replace("``", "`") + "\n"


def _default(key: str, node: Node, schema: Node) -> str:
    if key in schema.get("required", ()):
        return "required"
    value = node.get("default", {})
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value)}`"
