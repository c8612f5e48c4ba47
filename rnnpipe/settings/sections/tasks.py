"""What networks are trained to do: the tasks, and how networks are trained on them."""

import operator
from functools import reduce
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, create_model

from rnnpipe.given_files import CLASS_KIND, CLASS_PATTERN
from rnnpipe.parameters import Name
from rnnpipe.settings.reading.by_key import ByKey
from rnnpipe.settings.sections.training import Trainable
from rnnpipe.tasks import TASKS, OwnTask, TaskWithSettings


def _entry(task: type[TaskWithSettings]) -> Any:
    """A task with what the experiment file adds: overrides of training."""
    return create_model(task.__name__, __base__=(Trainable, task), __doc__=task.__doc__)


_BY_KIND = ByKey("kind", CLASS_PATTERN, CLASS_KIND)
_KINDS = {**TASKS, CLASS_KIND: OwnTask}
TaskSettings = Annotated[
    reduce(operator.or_, (Annotated[_entry(task), Tag(kind)] for kind, task in _KINDS.items())),
    Discriminator(_BY_KIND),
]


def without_training(task: TaskWithSettings) -> TaskWithSettings:
    """Return a task of a job's settings without the training of an experiment file's entry."""
    return _KINDS[_BY_KIND(task)].model_validate({**task.definition(), **task.probe_settings()})


def name_kinds(tasks: Any) -> Any:
    """Give a task without a `kind` its own name as kind, where that is a kind."""
    if not isinstance(tasks, dict):
        return tasks
    return {
        name: {"kind": name, **task} if name in TASKS and isinstance(task, dict) else task
        for name, task in tasks.items()
    }


Tasks = Annotated[
    dict[Name, TaskSettings],
    Field(min_length=1),
    BeforeValidator(name_kinds),
]
