"""Tasks that the user brings: trials from a file, and task classes from a Python file.

What is in these files is checked while the settings are, before any job starts.
"""

import json
import re
from typing import Any, Literal

from pydantic import ConfigDict, Field, PrivateAttr, field_validator

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.parameters import NonZeroFraction, OpenFraction, read_number
from rnnpipe.settings.sections.probes import Probed

# Of a class in a file, as messages and the schema name it.
CLASS_KIND = "FILE.py:CLASS"
CLASS_PATTERN = r"^.+\.py:[A-Za-z_][A-Za-z0-9_]*$"


class TaskFromFile(Probed):
    """A task that a file belongs to; its channels and times are known from there."""

    _channels: tuple[int, int] = PrivateAttr((0, 0))
    _time: int = PrivateAttr(0)

    @property
    def input_channels(self) -> int:
        """Number of inputs to the network."""
        return self._channels[0]

    @property
    def output_channels(self) -> int:
        """Number of outputs of the network."""
        return self._channels[1]

    @property
    def time(self) -> int:
        """Steps per trial."""
        return self._time

    @property
    def file(self) -> str:
        """Path of the file, relative to the working directory."""
        raise NotImplementedError

    def definition(self) -> dict[str, Any]:
        """Return the settings with a hash of the file's content, so that an edit counts."""
        # NumPy is needed for these tasks alone, and every job reads the settings anew.
        from rnnpipe.tasks.content import CONTENT_HASH, content_hash

        return {**super().definition(), CONTENT_HASH: content_hash(self.file)}


class RecordedSettings(TaskFromFile):
    """Trials from a file: recorded or exotic tasks without code."""

    kind: Literal["file"] = Field("file", description="Trials from a file.")
    path: str = Field(
        min_length=1,
        description=".npz file of `inputs`, `targets` and, if wanted, `mask` and `conditions`.",
    )
    held_out: OpenFraction = Field(
        0.2, description="Share of the trials kept from training, for validation and test."
    )
    condition: Literal["linear", "circular", "categorical"] = Field(
        "linear", description="How `conditions` are coloured; circular ones are in radians."
    )
    solved: NonZeroFraction = Field(
        0.9, description="A network has solved the task from this R² on."
    )

    @property
    def file(self) -> str:
        """Path of the file, relative to the working directory."""
        return self.path

    @field_validator("path")
    @classmethod
    def _file_is_sound(cls, path: str) -> str:
        from rnnpipe.tasks import TaskError
        from rnnpipe.tasks.trials_file import load_trials

        try:
            load_trials(path)
        except TaskError as error:
            raise SettingsError([Fault("", str(error))]) from None
        return path

    def learn(self) -> None:
        """Read the shapes from the file."""
        from rnnpipe.tasks.trials_file import load_trials

        trials = load_trials(self.path)
        self._time = trials.inputs.shape[1]
        self._channels = (trials.inputs.shape[2], trials.targets.shape[2])


class ClassSettings(TaskFromFile):
    """A task class in a Python file; other keys are arguments of its constructor."""

    model_config = ConfigDict(extra="allow")

    kind: str = Field(
        pattern=CLASS_PATTERN, description="A class in a Python file: path/to/file.py:Class."
    )

    @property
    def file(self) -> str:
        """Path of the file, relative to the working directory."""
        return self.kind.rpartition(":")[0]

    def learn(self) -> None:
        """Check the class and its arguments, and ask a task of it for its channels."""
        from rnnpipe.tasks.base import TaskError
        from rnnpipe.tasks.checks import check_task
        from rnnpipe.tasks.own import own_task, wrong_arguments

        arguments = {
            key: read_argument(key, value) for key, value in (self.model_extra or {}).items()
        }
        self.model_extra.update(arguments)
        try:
            if wrong := wrong_arguments(self.kind, arguments):
                raise SettingsError(Fault(key, what) for key, what in sorted(wrong.items()))
            task = own_task(self.kind, arguments)
            trials = check_task(task, self.kind)
        except TaskError as error:
            raise SettingsError([Fault("kind", str(error))]) from None
        self._channels, self._time = (task.inputs, task.outputs), trials.inputs.shape[1]


def read_argument(key: str, value: Any) -> Any:
    """Prepare a YAML value for a constructor: ``1e-3`` is a number, and all is JSON."""
    if isinstance(value, str) and "e" in value.lower():
        value = read_number(value)
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        message = "must be finite numbers, text, true, false, null, or lists and mappings of those"
        raise SettingsError([Fault(key, message)]) from None
    return value


def task_kind(task: Any) -> Any:
    """Return which settings a task has: its kind, `CLASS_KIND` for a class in a file."""
    kind = task.get("kind") if isinstance(task, dict) else getattr(task, "kind", None)
    return CLASS_KIND if isinstance(kind, str) and re.match(CLASS_PATTERN, kind) else kind
