"""Tasks by kind. To add one: a file here with a `TaskWithSettings`, and its class below."""

from collections.abc import Mapping

from rnnpipe.tasks.antisaccade import Antisaccade
from rnnpipe.tasks.base import Quantity, Task, TaskError, TaskWithSettings, Trials
from rnnpipe.tasks.context import Context
from rnnpipe.tasks.decision import Decision
from rnnpipe.tasks.flipflop import FlipFlop
from rnnpipe.tasks.integrator import Integrator
from rnnpipe.tasks.interval import Interval
from rnnpipe.tasks.match import Match
from rnnpipe.tasks.neurogym_env import Neurogym
from rnnpipe.tasks.own import OwnTask
from rnnpipe.tasks.recorded import Recorded
from rnnpipe.tasks.sinewave import SineWave

TASKS: Mapping[str, type[TaskWithSettings]] = {
    task.model_fields["kind"].default: task
    for task in (
        FlipFlop,
        Integrator,
        SineWave,
        Context,
        Decision,
        Match,
        Antisaccade,
        Interval,
        Neurogym,
        Recorded,
    )
}

__all__ = [
    "TASKS",
    "Antisaccade",
    "Context",
    "Decision",
    "FlipFlop",
    "Integrator",
    "Interval",
    "Match",
    "Neurogym",
    "OwnTask",
    "Quantity",
    "Recorded",
    "SineWave",
    "Task",
    "TaskError",
    "TaskWithSettings",
    "Trials",
]
