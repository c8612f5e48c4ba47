"""Epochs of a trial: fixation, stimulus, delay of random length, test, response.

The layout and the weights are those of Yang et al. 2019 (Nat. Neurosci.
22:297): a fixation input that is on until the response, a fixation output that
follows it, and a response that counts several times as much once a short grace
is over.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self

import numpy as np
from pydantic import BeforeValidator, Field

from rnnpipe.parameters import Count, WholeNumber, read_number
from rnnpipe.tasks.base import TaskWithSettings, Trials

# Steps of the response that count for nothing, and the weight of all after them.
GRACE = 2
RESPONSE_WEIGHT = 5.0


def _read_delay(value: Any) -> Any:
    """Two whole numbers; anything else is one fault of the whole, and not of its parts."""
    numbers = list(map(read_number, value)) if isinstance(value, list | tuple) else []
    whole = all(isinstance(n, int | float) and n >= 0 and n % 1 == 0 for n in numbers)
    if len(numbers) != 2 or not whole or numbers[0] > numbers[1]:
        raise ValueError("must be [shortest, longest], whole numbers from 0 on")
    return tuple(map(int, numbers))


Delay = Annotated[
    tuple[WholeNumber, ...],
    Field(
        min_length=2,
        max_length=2,
        description="Shortest and longest delay in steps, both included; each trial's is drawn "
        "between them. [0, 0]: no delay.",
    ),
    BeforeValidator(_read_delay),
]
Response = Annotated[int, Field(ge=GRACE + 1), BeforeValidator(read_number)]
CHOICES = "A network has solved the task from this share of right choices on."


@dataclass(frozen=True)
class Epochs:
    """Lengths of a trial's epochs, in steps.

    The response lasts until the trial ends, and so longest after the shortest delay.

    Attributes
    ----------
    fixation, stimulus, test, response
        Lengths; of the response the shortest, longer than the grace.
    delay
        Shortest and longest; each trial's is drawn between them, both ends included.
    """

    fixation: int
    stimulus: int
    delay: Sequence[int]
    response: int
    test: int = 0

    @property
    def time(self) -> int:
        """Steps per trial."""
        return self.fixation + self.stimulus + self.delay[1] + self.test + self.response

    def draw(self, n_trials: int, rng: np.random.Generator) -> "Timing":
        """Draw the delays of trials."""
        first, last = self.delay
        delays = rng.integers(first, last + 1, (n_trials, 1))
        step = np.broadcast_to(np.arange(self.time), (n_trials, self.time))
        on, off = self.fixation, self.fixation + self.stimulus
        go = off + delays + self.test
        return Timing(
            stimulus=(on <= step) & (step < off),
            test=(off + delays <= step) & (step < go),
            response=go <= step,
            counted=go + GRACE <= step,
        )


@dataclass(frozen=True)
class Timing:
    """When each trial is in which epoch.

    Attributes
    ----------
    stimulus, test, response, counted
        (trial, time), bool; `counted` is the response after its grace.
    """

    stimulus: np.ndarray
    test: np.ndarray
    response: np.ndarray
    counted: np.ndarray

    def trials(self, inputs: np.ndarray, answers: np.ndarray, conditions: np.ndarray) -> Trials:
        """Make trials with a fixation input and a fixation output before all others.

        Parameters
        ----------
        inputs
            (trial, time, input), without the fixation.
        answers
            (trial, output), what the other outputs show during the response; else 0.
        conditions
            (trial,), the same all through a trial.
        """
        fixation = ~self.response[..., None]
        shown = self.response[..., None] * answers[:, None]
        targets = np.concatenate([fixation, shown], axis=-1).astype(np.float32)
        weights = np.where(self.counted, RESPONSE_WEIGHT, fixation[..., 0])
        mask = np.repeat(weights[..., None], targets.shape[-1], axis=-1).astype(np.float32)
        return Trials(
            np.concatenate([fixation, inputs], axis=-1).astype(np.float32),
            targets,
            mask,
            np.repeat(np.asarray(conditions, dtype=np.float64)[:, None], mask.shape[1], axis=1),
        )


class EpochTask(TaskWithSettings):
    """A task of epochs, with outputs for the fixation and for two values of the response."""

    fixation: Count = Field(5, description="Steps before the stimulus.")
    delay: Delay = (0, 10)
    response: Response = Field(
        10, description="Steps of the response, at least; it lasts until the trial ends."
    )

    @property
    @abstractmethod
    def epochs(self) -> Epochs:
        """Lengths of the epochs."""

    @property
    def time(self) -> int:
        """Steps per trial."""
        return self.epochs.time

    @property
    def inputs(self) -> int:
        """One per channel."""
        return len(self.channels)

    @property
    def outputs(self) -> int:
        """The fixation, and two values of the response."""
        return 3

    def longer(self, times: int) -> Self:
        """Delays are `times` as long, all else is the same."""
        return self.model_copy(update={"delay": tuple(times * steps for steps in self.delay)})


def answered(outputs: np.ndarray, trials: Trials) -> np.ndarray:
    """Average the outputs over each trial's response after its grace, (trial, output).

    Outputs are (trial, time, output); the fixation, the first of them, is left out.
    """
    counted = (trials.targets[..., :1] == 0) & (trials.mask[..., :1] > 0)
    return (outputs[..., 1:] * counted).sum(axis=1) / counted.sum(axis=1)


def right_choices(outputs: np.ndarray, trials: Trials) -> float:
    """Return the fraction of trials whose largest response is the right one."""
    chosen, asked = (answered(y, trials).argmax(axis=-1) for y in (outputs, trials.targets))
    return float(np.mean(chosen == asked))
