"""What a task is: it makes trials, scores outputs and names its probe inputs."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from rnnpipe.faults import SettingsError
from rnnpipe.given_files import GivenFileError
from rnnpipe.parameters import Settings
from rnnpipe.tasks.probes import (
    Probes,
    Sweep,
    held_inputs,
    probe_faults,
    probe_list,
    swept_channels,
    swept_inputs,
)


class TaskError(GivenFileError):
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
    """What networks learn to do.

    Attributes
    ----------
    inputs, outputs
        Numbers of channels.
    solved
        Score that counts as solved.
    score_quantity, condition
        What the score and the conditions of trials are.
    higher_is_better
        Whether a larger score is a better one.
    readout_level
        Readouts that differ by less than half of this mean the same: where fixed
        points of different networks are matched.
    """

    score_quantity: ClassVar[Quantity]
    condition: ClassVar[Quantity]
    higher_is_better: ClassVar[bool] = True
    readout_level: ClassVar[float] = 1.0

    @abstractmethod
    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials."""

    @abstractmethod
    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Score outputs (trial, time, output), in units of `score_quantity`."""

    def part(self, name: str) -> "Task":
        """Return the task for ``training``, ``validation`` or ``test``.

        The same, unless trials are finite in number and some are kept from training.
        """
        return self

    def longer(self, times: int) -> "Task | None":
        """Return the task with `times` as much to hold or to go through, if there is such a task.

        Trials are `times` as long; of trials made of epochs, the delays are.
        """
        return None

    def unseen(self) -> "Task | None":
        """Return the task with values that training does not show, if there are any."""
        return None

    def report(self, outputs: np.ndarray) -> np.ndarray:
        """Return the condition that outputs (..., output) report, (...); NaN where unclear."""
        return np.full(outputs.shape[:-1], np.nan)

    def is_solved(self, score: float) -> bool:
        """Return whether a score reaches the threshold (NaN never does)."""
        return score >= self.solved if self.higher_is_better else score <= self.solved

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs, by which probes name them."""
        return numbered("input", self.inputs)

    def channel_unit(self, channel: str) -> str:
        """Return the unit of an input; empty if it has none."""
        return ""

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Return the constant inputs (input,) by name, where the settings give none."""
        return {"zero": np.zeros(self.inputs)}

    def probes(self) -> Mapping[str, np.ndarray]:
        """Return the constant inputs (input,) under which fixed points are sought, by name."""
        return self.default_probes()

    def probe_conditions(self) -> Mapping[str, float]:
        """Return the condition that each held probe stands for, where it stands for one."""
        return {}

    def sweeps(self) -> Mapping[str, Sweep]:
        """Return the swept inputs along which fixed points are followed, by name."""
        return {}

    def pulses(self) -> Mapping[str, np.ndarray]:
        """Return the inputs (input,) that are shown for one step to move a state, by name."""
        return {}

    @property
    def machine_states(self) -> int:
        """Number of states of the finite-state machine that the task defines; 0 if it has none."""
        return 0

    def after_pulse(self, readouts: np.ndarray, pulse: str) -> np.ndarray | None:
        """Return the readouts (point, output) that the task asks for after a pulse.

        ``None`` if the task defines no finite-state machine.
        """
        return None


class TaskWithSettings(Settings, Task):
    """A task that an experiment file can name: its fields are the keys that may stand there.

    A subclass has a `kind`, a literal with its own name as default. Its docstring, those of
    its fields and of `channels` make the page on tasks (`rnnpipe tasks`). Derived tasks are copies
    (`model_copy`), which are not validated again.
    """

    given_probes: Probes = Field(default_factory=dict, alias="probes")

    @property
    @abstractmethod
    def inputs(self) -> int:
        """Number of inputs."""

    @property
    @abstractmethod
    def outputs(self) -> int:
        """Number of outputs."""

    def learn(self) -> None:
        """Find out what only a file says, before probes are compared with the channels."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.learn()
        if faults := list(probe_faults(self.given_probes, self.channels)):
            raise SettingsError(faults)
        return self

    def definition(self) -> dict[str, Any]:
        """Return the settings that trials and scores depend on, ready for `canonical`."""
        return self.model_dump(mode="json", exclude={"given_probes", "training"})

    def probe_settings(self) -> dict[str, Any]:
        """Return the settings of the probes under their key, if there are any."""
        return {"probes": probe_list(self.given_probes)} if self.given_probes else {}

    def with_probes(self, swept: bool) -> Self:
        """Return the task with those of its probes that are swept, or with the others."""
        probes = {n: p for n, p in self.given_probes.items() if bool(swept_channels(p)) == swept}
        return self.model_copy(update={"given_probes": probes})

    def probes(self) -> Mapping[str, np.ndarray]:
        """Return the constant inputs (input,) that the settings give, else the task's own."""
        return held_inputs(self.given_probes, self.channels) or self.default_probes()

    def sweeps(self) -> Mapping[str, Sweep]:
        """Return the swept inputs that the settings give, by name."""
        return swept_inputs(self.given_probes, self.channels)


def numbered(name: str, count: int) -> tuple[str, ...]:
    """Return ``name1``, ``name2``, …"""
    return tuple(f"{name}{i + 1}" for i in range(count))


def held(values: np.ndarray, renewed: np.ndarray) -> np.ndarray:
    """Keep each value until the next renewal.

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


def targets_vary(trials: Trials) -> bool:
    """Return whether any output has two different targets that count, in float32."""
    with np.errstate(over="ignore"):
        targets = np.asarray(trials.targets, dtype=np.float32)
    counted = np.broadcast_to(np.asarray(trials.mask) > 0, targets.shape)
    lowest = np.where(counted, targets, np.inf).min(axis=(0, 1))
    highest = np.where(counted, targets, -np.inf).max(axis=(0, 1))
    return bool((lowest < highest).any())


def r_squared(outputs: np.ndarray, trials: Trials) -> float:
    """Return R² of outputs (trial, time, output), all outputs together; at most 1.

    R² is the share of the targets' variance that outputs explain. Means are
    those of each output over the given trials, weighted by the mask; the score
    of constant targets is NaN. Targets in random order score -1, their mean 0.
    """
    weights = trials.mask.astype(float)
    targets = trials.targets.astype(float)
    counted = np.maximum(weights.sum((0, 1)), np.finfo(float).tiny)
    means = (weights * targets).sum((0, 1)) / counted
    variance = (weights * (targets - means) ** 2).sum()
    error = (weights * (outputs - targets) ** 2).sum()
    return float(1 - error / variance) if variance > 0 else float("nan")
