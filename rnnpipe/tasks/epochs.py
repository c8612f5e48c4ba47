"""Epochs of a trial: fixation, stimulus, delay of random length, test, response.

The layout and the weights are those of Yang et al. 2019 (Nat. Neurosci.
22:297): a fixation input that is on until the response, a fixation output that
follows it, and a response that counts several times as much once a short grace
is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rnnpipe.tasks.base import Trials

# Steps of the response that count for nothing, and the weight of all after them.
GRACE = 2
RESPONSE_WEIGHT = 5.0


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

    def longer(self, times: int) -> "Epochs":
        """Delays `times` as long, all else the same."""
        return replace(self, delay=[times * steps for steps in self.delay])

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
        """Trials with a fixation input and a fixation output before all others.

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


def answered(outputs: np.ndarray, trials: Trials) -> np.ndarray:
    """Mean of the outputs over each trial's response after its grace, (trial, output).

    Outputs are (trial, time, output); the fixation, the first of them, is left out.
    """
    counted = (trials.targets[..., :1] == 0) & (trials.mask[..., :1] > 0)
    return (outputs[..., 1:] * counted).sum(axis=1) / counted.sum(axis=1)


def right_choices(outputs: np.ndarray, trials: Trials) -> float:
    """Fraction of trials whose largest response is the one asked for."""
    chosen, asked = (answered(y, trials).argmax(axis=-1) for y in (outputs, trials.targets))
    return float(np.mean(chosen == asked))
