"""A task class in the user's own Python file, named as ``path/to/file.py:Class``."""

import random
import reprlib
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import ConfigDict, Field, PrivateAttr

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.given_files import (
    CLASS_PATTERN,
    GivenFileError,
    error_text,
    given_class,
    instance,
    read_argument,
    wrong_arguments,
)
from rnnpipe.tasks.base import Quantity, Task, TaskError, Trials, targets_vary
from rnnpipe.tasks.files import TaskFromFile

# Trials that are drawn to see whether a class keeps its word.
TRIED = 2
# Trials that are drawn twice, alike, and among which two targets must differ.
COMPARED, FEWEST_COMPARED = 64, 8
# Values that these trials may have, so that reading an experiment stays small.
MOST_VALUES = 5_000_000


def _of_made(name: str) -> property:
    """An attribute of the task that the user's class makes."""
    return property(lambda self: getattr(self._made, name))


class OwnTask(TaskFromFile):
    """A task class in a Python file; other keys are arguments of its constructor."""

    model_config = ConfigDict(extra="allow")

    kind: str = Field(
        pattern=CLASS_PATTERN, description="A class in a Python file: path/to/file.py:Class."
    )

    _made: Task = PrivateAttr()
    _time: int = PrivateAttr(0)

    inputs = _of_made("inputs")
    outputs = _of_made("outputs")
    solved = _of_made("solved")
    score_quantity = _of_made("score_quantity")
    condition = _of_made("condition")
    higher_is_better = _of_made("higher_is_better")
    readout_level = _of_made("readout_level")
    sample = _of_made("sample")
    score = _of_made("score")
    part = _of_made("part")
    longer = _of_made("longer")
    unseen = _of_made("unseen")
    report = _of_made("report")
    is_solved = _of_made("is_solved")
    channels = _of_made("channels")
    channel_unit = _of_made("channel_unit")
    default_probes = _of_made("probes")
    probe_conditions = _of_made("probe_conditions")
    pulses = _of_made("pulses")
    machine_states = _of_made("machine_states")
    after_pulse = _of_made("after_pulse")

    @property
    def time(self) -> int:
        """Steps per trial."""
        return self._time

    @property
    def file(self) -> str:
        """Path of the file, relative to the working directory."""
        return self.kind.rpartition(":")[0]

    def learn(self) -> None:
        """Check the class and its arguments, and make a task of it."""
        arguments = {
            key: read_argument(key, value) for key, value in (self.model_extra or {}).items()
        }
        self.model_extra.update(arguments)
        try:
            super().learn()
            if wrong := wrong_arguments(task_class(self.kind), arguments):
                raise SettingsError(Fault(key, what) for key, what in sorted(wrong.items()))
            self._made = own_task(self.kind, arguments)
            self._time = check_task(self._made, self.kind).inputs.shape[1]
        except GivenFileError as error:
            raise SettingsError([Fault("kind", str(error))]) from None


def task_class(kind: str) -> type[Task]:
    """Return the task class that ``path/to/file.py:Class`` names.

    Raises
    ------
    GivenFileError
        If the file cannot be read or run, or has no such subclass of `Task`.
    """
    return given_class(kind, Task, "rnnpipe.tasks.Task")


def own_task(kind: str, arguments: Mapping[str, Any]) -> Task:
    """Make a task of the user's class.

    Raises
    ------
    GivenFileError
        If the constructor fails; names class, error and line.
    """
    return instance(kind, task_class(kind), arguments)


def check_task(task: Task, kind: str) -> Trials:
    """Draw and score two trials of a task, as every stage will.

    Raises
    ------
    GivenFileError
        If an attribute is missing, trials are of the wrong shape or do not follow from the
        generator given, targets do not vary, or sampling or scoring fails; names file and
        class.
    """
    path, _, name = kind.rpartition(":")
    fault = _attribute_fault(task)
    if not fault:
        try:
            trials = task.sample(TRIED, np.random.default_rng(0))
            fault = _trial_fault(task, trials) or _input_fault(task)
            fault = fault or _draw_fault(task, trials.inputs[0].size)
            score = float("nan") if fault else float(task.score(trials.targets, trials))
        except Exception as error:
            raise TaskError(f"{path}: {name} fails: {error_text(error, path)}") from error
        if not fault and not np.isfinite(score):
            fault = f"scores its own targets {score}"
    if fault:
        raise TaskError(f"{path}: {name} {fault}")
    return trials


def _attribute_fault(task: Task) -> str:
    for key in ("inputs", "outputs"):
        value = getattr(task, key, None)
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
            return f"has {key} = {reprlib.repr(value)}; set self.{key} to the number of channels"
    solved = getattr(task, "solved", None)
    if not isinstance(solved, int | float | np.number):
        given = reprlib.repr(solved)
        return f"has solved = {given}; set self.solved to the score that counts as solved"
    for key in ("score_quantity", "condition"):
        if not isinstance(getattr(task, key, None), Quantity):
            return f'has no {key}; give the class {key} = Quantity("name", "unit")'
    return ""


def _trial_fault(task: Task, trials: Trials) -> str:
    if np.ndim(trials.inputs) != 3:
        return f"draws inputs of shape {np.shape(trials.inputs)}; (trial, time, input) is needed"
    time = trials.inputs.shape[1]
    shapes = {
        "inputs": (TRIED, time, task.inputs),
        "targets": (TRIED, time, task.outputs),
        "mask": (TRIED, time, task.outputs),
        "conditions": (TRIED, time),
    }
    for key, shape in shapes.items():
        array = np.asarray(getattr(trials, key))
        if array.shape != shape:
            return f"draws {key} of shape {array.shape}; {TRIED} trials need {shape}"
        if not np.isfinite(array).all():
            return f"draws {key} that are not finite"
        with np.errstate(over="ignore"):
            single = array.astype(np.float32)
        if not np.isfinite(single).all():
            return f"draws {key} that are not finite in float32 (up to 3.4e38)"
    return ""


def _draw_fault(task: Task, size: int) -> str:
    """Draw many trials twice: the generator given decides them, nothing else, and targets vary."""
    before, count = _global_states(), max(FEWEST_COMPARED, min(COMPARED, MOST_VALUES // size))
    trials, again = (task.sample(count, np.random.default_rng(0)) for _ in range(2))
    drawn = [name for name, state in _global_states().items() if state != before.get(name, state)]
    if drawn:
        return f"draws on the global generator of {drawn[0]}; draw on the rng that sample is given"
    for key in ("inputs", "targets", "mask", "conditions"):
        if not np.array_equal(getattr(trials, key), getattr(again, key)):
            return (
                f"draws other {key} from the same rng a second time; draw on the rng that sample "
                "is given, and on nothing else"
            )
    if not targets_vary(trials):
        return f"draws targets that do not vary where the mask counts them ({count} trials)"
    return ""


def _global_states() -> dict[str, Any]:
    """States of the generators that a file may draw on without being given them."""
    kind, keys, *rest = np.random.get_state()
    states: dict[str, Any] = {
        "numpy.random": (kind, keys.tobytes(), *rest),
        "random": random.getstate(),
    }
    # Only where the file, or what runs it, has imported torch: it is slow to start.
    if (torch := sys.modules.get("torch")) is not None:
        states["torch"] = torch.random.get_rng_state().numpy().tobytes()
    return states


def _input_fault(task: Task) -> str:
    for key, x in {**task.probes(), **task.pulses()}.items():
        if np.shape(x) != (task.inputs,):
            return f"has an input {key!r} of shape {np.shape(x)}; ({task.inputs},) is needed"
    return "" if task.probes() else "has no probes; fixed points are sought under those"
