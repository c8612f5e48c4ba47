"""Tasks by kind. To add one: a file here with a `Task`, a line below, and its settings."""

from collections.abc import Mapping
from typing import Any

from rnnpipe.tasks.base import Quantity, Task, Trials
from rnnpipe.tasks.flipflop import FlipFlop
from rnnpipe.tasks.integrator import Integrator

TASKS: Mapping[str, type[Task]] = {"flipflop": FlipFlop, "integrator": Integrator}


def make_task(settings: Mapping[str, Any]) -> Task:
    """The task that settings name: its `kind` and its constructor's arguments."""
    arguments = {key: value for key, value in settings.items() if key not in ("kind", "training")}
    return TASKS[settings["kind"]](**arguments)


__all__ = ["TASKS", "FlipFlop", "Integrator", "Quantity", "Task", "Trials", "make_task"]
