"""Tasks by kind. To add one: a file here with a `Task`, a line below, and its settings."""

from collections.abc import Mapping
from typing import Any

from rnnpipe.tasks.base import Quantity, Task, Trials
from rnnpipe.tasks.flipflop import FlipFlop
from rnnpipe.tasks.integrator import Integrator

TASKS: Mapping[str, type[Task]] = {"flipflop": FlipFlop, "integrator": Integrator}


def make_task(settings: Mapping[str, Any]) -> Task:
    """The task that settings name: its `kind`, its constructor's arguments and its `probes`."""
    others = ("kind", "training", "probes")
    arguments = {key: value for key, value in settings.items() if key not in others}
    task = TASKS[settings["kind"]](**arguments)
    task.given_probes = settings.get("probes", ())
    return task


__all__ = ["TASKS", "FlipFlop", "Integrator", "Quantity", "Task", "Trials", "make_task"]
