"""Delayed pro- and antisaccade: report a remembered direction, or its opposite, as cued.

Munoz & Everling 2004 (Nat. Rev. Neurosci. 5:218); as tasks for networks
(delay pro, delay anti) Yang et al. 2019 (Nat. Neurosci. 22:297).
"""

from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, Trials
from rnnpipe.tasks.channels import antisaccade_channels
from rnnpipe.tasks.epochs import Epochs, answered
from rnnpipe.tasks.integrator import wrapped

RULES = 2
# A response whose length is below this, where 1 is asked for, points nowhere.
SHORTEST_RESPONSE = 0.5


class Antisaccade(Task):
    """A direction, a delay, and then the response, while one of two lines tells the rule.

    Outputs are the fixation and the cosine and sine of the direction to report:
    that of the stimulus under the pro rule, its opposite under the anti rule.

    Parameters
    ----------
    directions
        Number of directions, which divide the circle evenly.
    fixation, stimulus, delay, response
        Lengths of the epochs in steps; the delay is drawn between two.
    solved
        Mean circular error that counts as solved, degrees.
    """

    score_quantity = Quantity("circular error", unit="degrees")
    condition = Quantity("direction to report", unit="rad", kind="circular")
    higher_is_better = False

    def __init__(
        self,
        directions: int = 8,
        fixation: int = 5,
        stimulus: int = 5,
        delay: Sequence[int] = (0, 20),
        response: int = 10,
        solved: float = 10.0,
    ) -> None:
        self.inputs, self.outputs = len(antisaccade_channels()), 3
        self.directions = directions
        # What to turn all directions by, in parts of the distance between two.
        self.turn = 0.0
        self.epochs = Epochs(fixation, stimulus, delay, response)
        self.solved = solved

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the direction to report in (-π, π]."""
        timing = self.epochs.draw(n_trials, rng)
        number = rng.integers(self.directions, size=n_trials)
        stimulus = 2 * np.pi * (number + self.turn) / self.directions
        anti = rng.integers(RULES, size=n_trials)
        asked = stimulus + np.pi * anti
        shown = timing.stimulus[..., None] * _vector(stimulus)[:, None]
        rule = np.repeat(np.eye(RULES)[anti][:, None], self.epochs.time, axis=1)
        inputs = np.concatenate([shown, rule], axis=-1)
        return timing.trials(inputs, _vector(asked), wrapped(asked))

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Mean absolute circular error of the response, degrees; a chance of 90.

        A trial's response is the direction of the mean over its response epoch.
        """
        given, asked = (_angle(answered(y, trials)) for y in (outputs, trials.targets))
        return float(np.degrees(np.abs(wrapped(given - asked)).mean()))

    def report(self, outputs: np.ndarray) -> np.ndarray:
        """The direction, radians; NaN where the response is short, as before it is due."""
        response = np.asarray(outputs, dtype=np.float64)[..., 1:]
        long = np.linalg.norm(response, axis=-1) >= SHORTEST_RESPONSE
        return np.where(long, _angle(response), np.nan)

    @property
    def channels(self) -> tuple[str, ...]:
        """``fixation``, ``cos``, ``sin``, ``pro``, ``anti``."""
        return antisaccade_channels()

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """The delay under either rule."""
        fixation, _, _, pro, anti = np.eye(self.inputs)
        return {"pro": fixation + pro, "anti": fixation + anti}

    def longer(self, times: int) -> "Antisaccade":
        """Delays `times` as long."""
        task = copy(self)
        task.epochs = self.epochs.longer(times)
        return task

    def unseen(self) -> "Antisaccade":
        """Directions half-way between those trained."""
        task = copy(self)
        task.turn = 0.5
        return task


def _vector(angle: np.ndarray) -> np.ndarray:
    """Cosine and sine (..., 2) of angles in radians."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def _angle(vector: np.ndarray) -> np.ndarray:
    """Angles in radians of vectors (..., 2)."""
    return np.arctan2(vector[..., 1], vector[..., 0])
