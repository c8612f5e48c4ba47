"""Interval reproduction: ready, set, go. Two pulses, and as long after the second a response.

Jazayeri & Shadlen 2010 (Nat. Neurosci. 13:1020); as a task for networks, with the pulses on
two channels and a pulse as response, Turner, Dabholkar & Barak 2021 (NeurIPS 34).
"""

from collections.abc import Mapping
from typing import Literal, Self

import numpy as np
from pydantic import Field, PrivateAttr, model_validator

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.parameters import Count, Positive
from rnnpipe.tasks.base import Quantity, TaskWithSettings, Trials
from rnnpipe.tasks.epochs import Delay

# Output from which on a network has responded, half of the response's pulse.
RESPONDED = 0.5


class Interval(TaskWithSettings):
    """Two pulses, ready and set; as long after the second, the output is a pulse: go.

    Interval reproduction (Jazayeri & Shadlen 2010; Turner, Dabholkar & Barak 2021). Intervals
    are from onset to onset. A network responds where its output first reaches 1/2. In the loss
    the steps of the response together count as much as all others together. Without `probes`,
    fixed points are sought at rest, which with pulses is also the input after the second one;
    where the second is held, after it too.
    """

    score_quantity = Quantity("interval error", unit="steps")
    condition = Quantity("interval", unit="steps")
    higher_is_better = False

    kind: Literal["interval"] = Field("interval", description="Reproduce an interval.")
    intervals: Delay = Field(
        (10, 30), description="Shortest and longest interval in steps, both included."
    )
    spacing: Count = Field(
        2,
        description="Steps between two intervals that are drawn: the shortest, and every "
        "`spacing` steps up to the longest; 1: all.",
    )
    pulse: Count = Field(
        3, description="Steps of each pulse and of the response, fewer than the shortest interval."
    )
    lines: Literal["two", "one"] = Field(
        "two", description="Whether the pulses come on two inputs, or both on one."
    )
    second: Literal["pulse", "held"] = Field(
        "pulse",
        description="Whether the second input is a pulse, or held until the trial ends (on two "
        "lines only).",
    )
    wait: Delay = Field(
        (5, 15),
        description="Shortest and longest wait before the first pulse in steps, both included; "
        "each trial's is drawn between them.",
    )
    rest: Count = Field(
        10, description="Steps after the response, at least; all trials are as long as the longest."
    )
    solved: Positive = Field(
        2.0, description="Solved up to this mean absolute error of the interval, steps."
    )

    # Whether trials have the intervals half-way between those of training.
    _between: bool = PrivateAttr(False)

    @model_validator(mode="after")
    def _pulses_stand_apart(self) -> Self:
        faults = []
        if self.pulse >= self.intervals[0]:
            message = f"{self.pulse}: must be below the shortest interval, {self.intervals[0]}"
            faults.append(Fault("pulse", f"{message}; else the pulses are one"))
        if self.second == "held" and self.lines == "one":
            faults.append(Fault("second", "held: nothing tells it from the first; give lines: two"))
        if self.number < 2:
            message = f"{self.spacing}: from {self.intervals[0]} to {self.intervals[1]} steps it"
            faults.append(Fault("spacing", f"{message} leaves one interval; at least two vary"))
        if faults:
            raise SettingsError(faults)
        return self

    @property
    def inputs(self) -> int:
        """One per line."""
        return len(self.channels)

    @property
    def outputs(self) -> int:
        """The response."""
        return 1

    @property
    def channels(self) -> tuple[str, ...]:
        """``ready`` and ``set``, or ``pulse`` for both."""
        return ("ready", "set") if self.lines == "two" else ("pulse",)

    @property
    def time(self) -> int:
        """Steps per trial."""
        return self.wait[1] + 2 * self.intervals[1] + self.pulse + self.rest

    @property
    def number(self) -> int:
        """Number of intervals that training draws from."""
        shortest, longest = self.intervals
        return (longest - shortest) // self.spacing + 1

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the interval, in steps."""
        wait = rng.integers(self.wait[0], self.wait[1] + 1, (n_trials, 1))
        first, number = self.intervals[0], self.number
        if self._between:
            first, number = first + self.spacing // 2, number - 1
        interval = first + self.spacing * rng.integers(number, size=(n_trials, 1))
        step = np.arange(self.time)
        ready, second, go = (
            (wait + count * interval <= step) & (step < wait + count * interval + self.pulse)
            for count in range(3)
        )
        if self.second == "held":
            second = wait + interval <= step
        shown = (ready, second) if self.lines == "two" else (ready | second,)
        weight = np.where(go, self.time / self.pulse - 1, 1.0)
        return Trials(
            np.stack(shown, axis=-1).astype(np.float32),
            go[..., None].astype(np.float32),
            weight[..., None].astype(np.float32),
            np.repeat(interval.astype(np.float64), self.time, axis=1),
        )

    def produced(self, outputs: np.ndarray, trials: Trials) -> np.ndarray:
        """Return the intervals (trial,), in steps, from the second pulse to the response.

        A response before the second pulse has a negative one; without a response
        it lasts until the trial's end.
        """
        go = trials.targets[..., 0].argmax(axis=1)
        reached = outputs[..., 0] >= RESPONDED
        responded = np.where(reached.any(axis=1), reached.argmax(axis=1), reached.shape[1])
        return responded - go + trials.conditions[:, 0]

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return the mean absolute difference of intervals produced and given, in steps."""
        return float(np.abs(self.produced(outputs, trials) - trials.conditions[:, 0]).mean())

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Return rest, and where the second input is held, the input after it."""
        rest = {"rest": np.zeros(self.inputs)}
        return {**rest, "set": np.eye(self.inputs)[-1]} if self.second == "held" else rest

    def pulses(self) -> Mapping[str, np.ndarray]:
        """Return each input for one step."""
        return dict(zip(self.channels, np.eye(self.inputs), strict=True))

    def longer(self, times: int) -> Self:
        """Waits are `times` as long, all else is the same."""
        return self.model_copy(update={"wait": tuple(times * steps for steps in self.wait)})

    def unseen(self) -> Self | None:
        """Intervals lie half-way between those of training; ``None`` where all are drawn."""
        if self.spacing < 2:
            return None
        task = self.model_copy()
        task._between = True
        return task
