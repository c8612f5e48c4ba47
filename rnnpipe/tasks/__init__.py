"""Tasks by kind. To add one: a file here with a `Task`, a line below, and its settings."""

from collections.abc import Mapping
from typing import Any

from rnnpipe.tasks.antisaccade import Antisaccade
from rnnpipe.tasks.base import Quantity, Task, TaskError, Trials
from rnnpipe.tasks.content import CONTENT_HASH, content_hash
from rnnpipe.tasks.context import Context
from rnnpipe.tasks.decision import Decision
from rnnpipe.tasks.flipflop import FlipFlop
from rnnpipe.tasks.integrator import Integrator
from rnnpipe.tasks.match import Match
from rnnpipe.tasks.neurogym_env import NEUROGYM_VERSION, Neurogym, version
from rnnpipe.tasks.own import file_of, own_task
from rnnpipe.tasks.recorded import Recorded
from rnnpipe.tasks.sinewave import SineWave

TASKS: Mapping[str, type[Task]] = {
    "flipflop": FlipFlop,
    "integrator": Integrator,
    "sinewave": SineWave,
    "context": Context,
    "decision": Decision,
    "match": Match,
    "antisaccade": Antisaccade,
    "neurogym": Neurogym,
    "file": Recorded,
}
# Keys of a task's settings that are no arguments of its constructor.
NO_ARGUMENTS = ("kind", "training", "probes", CONTENT_HASH, NEUROGYM_VERSION)


def make_task(settings: Mapping[str, Any]) -> Task:
    """The task that settings name: its `kind`, its constructor's arguments and its `probes`.

    Raises
    ------
    TaskError
        If a file that the task needs is not there, is not what the task needs,
        or has changed since the settings were written.
    """
    arguments = {key: value for key, value in settings.items() if key not in NO_ARGUMENTS}
    kind = settings["kind"]
    if CONTENT_HASH in settings:
        path = settings["path"] if kind == "file" else file_of(kind)
        if content_hash(path) != settings[CONTENT_HASH]:
            raise TaskError(
                f"{path}: has changed since this job was planned; run the workflow again"
            )
    planned = settings.get(NEUROGYM_VERSION)
    if planned is not None and planned != version():
        raise TaskError(
            f"neurogym {version()} is here, but this job was planned with {planned}; "
            "run the workflow again"
        )
    task = TASKS[kind](**arguments) if kind in TASKS else own_task(kind, arguments)
    task.given_probes = settings.get("probes", ())
    return task


__all__ = [
    "TASKS",
    "Antisaccade",
    "Context",
    "Decision",
    "FlipFlop",
    "Integrator",
    "Match",
    "Neurogym",
    "Quantity",
    "Recorded",
    "SineWave",
    "Task",
    "TaskError",
    "Trials",
    "make_task",
]
