"""Whether a task keeps its word: what every stage will ask of it, tried on two trials."""

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, TaskError, Trials
from rnnpipe.tasks.own import error_text

TRIALS = 2


def check_task(task: Task, kind: str) -> Trials:
    """Draw and score two trials of a task of the class ``path/to/file.py:Class``.

    Raises
    ------
    TaskError
        If an attribute is missing, trials are of the wrong shape, or sampling
        or scoring fails; names file and class.
    """
    path, _, name = kind.rpartition(":")
    fault = _attribute_fault(task)
    if not fault:
        try:
            trials = task.sample(TRIALS, np.random.default_rng(0))
            score = float(task.score(trials.targets, trials))
            fault = _trial_fault(task, trials) or _input_fault(task)
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
            return f"has {key} = {value!r}; set self.{key} to the number of channels"
    solved = getattr(task, "solved", None)
    if not isinstance(solved, int | float | np.number):
        return f"has solved = {solved!r}; set self.solved to the score that counts as solved"
    for key in ("score_quantity", "condition"):
        if not isinstance(getattr(task, key, None), Quantity):
            return f'has no {key}; give the class {key} = Quantity("name", "unit")'
    return ""


def _trial_fault(task: Task, trials: Trials) -> str:
    if np.ndim(trials.inputs) != 3:
        return f"draws inputs of shape {np.shape(trials.inputs)}; (trial, time, input) is needed"
    time = trials.inputs.shape[1]
    shapes = {
        "inputs": (TRIALS, time, task.inputs),
        "targets": (TRIALS, time, task.outputs),
        "mask": (TRIALS, time, task.outputs),
        "conditions": (TRIALS, time),
    }
    for key, shape in shapes.items():
        array = np.asarray(getattr(trials, key))
        if array.shape != shape:
            return f"draws {key} of shape {array.shape}; {TRIALS} trials need {shape}"
        if not np.isfinite(array).all():
            return f"draws {key} that are not finite"
    return ""


def _input_fault(task: Task) -> str:
    for key, x in {**task.probes(), **task.pulses()}.items():
        if np.shape(x) != (task.inputs,):
            return f"has an input {key!r} of shape {np.shape(x)}; ({task.inputs},) is needed"
    return "" if task.probes() else "has no probes; fixed points are sought under those"
