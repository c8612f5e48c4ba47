"""What a task is: it makes trials, scores outputs and names its probe inputs."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rnnpipe.tasks.channels import numbered
from rnnpipe.tasks.probes import Sweep, held_inputs, sweeps


class TaskError(ValueError):
    """A task that cannot be made from its file; names the file and what is wrong."""


@dataclass(frozen=True)
class Trials:
    """A batch of trials.

    Attributes
    ----------
    inputs
        (trial, time, input), float32.
    targets
        (trial, time, output), float32.
    mask
        (trial, time, output), float32: weight of each target in the loss.
    conditions
        (trial, time), float64: what the network should hold in mind, for
        colouring and grouping; its meaning is `Task.condition`.
    """

    inputs: np.ndarray
    targets: np.ndarray
    mask: np.ndarray
    conditions: np.ndarray


@dataclass(frozen=True)
class Quantity:
    """A number's name and unit (empty if it has none) and, for conditions, its kind.

    The kind is ``linear``, ``circular`` or ``categorical``.
    """

    name: str
    unit: str = ""
    kind: str = "linear"


class Task(ABC):
    """A task; its parameters are its constructor's arguments.

    Attributes
    ----------
    inputs, outputs
        Number of channels.
    solved
        Score that counts as solved.
    readout_level
        Readouts that differ by less than half of this mean the same: where fixed
        points of different networks are matched.
    given_probes
        Probes of the experiment's settings, as `held_inputs` takes them.
    """

    score_quantity: ClassVar[Quantity]
    condition: ClassVar[Quantity]
    higher_is_better: ClassVar[bool] = True
    readout_level: ClassVar[float] = 1.0

    inputs: int
    outputs: int
    solved: float
    given_probes: Sequence[Mapping[str, Any]] = ()

    @abstractmethod
    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials."""

    def part(self, name: str) -> "Task":
        """The task for ``training``, ``validation`` or ``test``.

        The same, unless trials are finite in number and some are kept from training.
        """
        return self

    def longer(self, times: int) -> "Task | None":
        """The task with `times` as much to hold or to go through; ``None`` where there is no such.

        Trials are `times` as long; those that are made of epochs have delays `times` as long.
        """
        return None

    def unseen(self) -> "Task | None":
        """The task with values that training does not show; ``None`` where there are none."""
        return None

    @abstractmethod
    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Score of outputs (trial, time, output), in units of `score_quantity`."""

    def report(self, outputs: np.ndarray) -> np.ndarray:
        """The condition that outputs (..., output) report, (...); NaN where they cannot say."""
        return np.full(outputs.shape[:-1], np.nan)

    def is_solved(self, score: float) -> bool:
        """Whether a score reaches the threshold (NaN never does)."""
        return score >= self.solved if self.higher_is_better else score <= self.solved

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs, by which probes name them."""
        return numbered("input", self.inputs)

    def channel_unit(self, channel: str) -> str:
        """Unit of an input; empty if it has none."""
        return ""

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Constant inputs (input,) by name, where the settings give none."""
        return {"zero": np.zeros(self.inputs)}

    def probes(self) -> Mapping[str, np.ndarray]:
        """Constant inputs (input,) under which fixed points are sought, by name."""
        return held_inputs(self.given_probes, self.channels) or self.default_probes()

    def probe_conditions(self) -> Mapping[str, float]:
        """The condition that a held probe stands for, where it stands for one."""
        return {}

    def sweeps(self) -> Mapping[str, Sweep]:
        """Swept inputs along which fixed points are followed, by name."""
        return sweeps(self.given_probes, self.channels)

    def pulses(self) -> Mapping[str, np.ndarray]:
        """Inputs (input,) shown for one step to see where they send a state, by name."""
        return {}

    @property
    def machine_states(self) -> int:
        """Number of memories that the task asks for; 0 if it defines no finite-state machine."""
        return 0

    def after_pulse(self, readouts: np.ndarray, pulse: str) -> np.ndarray | None:
        """Readouts (point, output) that the task asks for once `pulse` has met `readouts`.

        ``None`` if the task defines no finite-state machine.
        """
        return None


def held(values: np.ndarray, renewed: np.ndarray) -> np.ndarray:
    """Each value kept until the next renewal.

    Parameters
    ----------
    values
        (time, ...): time first, so that each step is one piece of memory.
    renewed
        Same shape, bool; true at time 0.
    """
    kept = values.copy()
    for before, now, new in zip(kept, kept[1:], renewed[1:], strict=False):
        np.copyto(now, before, where=~new)
    return kept
