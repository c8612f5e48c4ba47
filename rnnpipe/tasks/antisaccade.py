"""Delayed pro- and antisaccade: report a remembered direction, or its opposite, as cued.

Munoz & Everling 2004 (Nat. Rev. Neurosci. 5:218); as tasks for networks
(delay pro, delay anti) Yang et al. 2019 (Nat. Neurosci. 22:297).
"""

from collections.abc import Mapping
from typing import Literal, Self

import numpy as np
from pydantic import Field, PrivateAttr

from rnnpipe.parameters import Count, Degrees, Several
from rnnpipe.tasks.base import Quantity, Trials
from rnnpipe.tasks.epochs import Delay, Epochs, EpochTask, answered
from rnnpipe.tasks.integrator import wrapped

RULES = 2
# A response whose length is below this, where 1 is asked for, points nowhere.
SHORTEST_RESPONSE = 0.5


class Antisaccade(EpochTask):
    """After a delay, the outputs report a direction, or its opposite, depending on a rule.

    Munoz & Everling 2004; delay pro and delay anti of Yang et al. 2019. Outputs are
    the fixation and the cosine and sine of the direction to report: the stimulus's
    under the pro rule, its opposite under the anti rule. One of two lines is 1
    throughout a trial and tells the rule. Without `probes`, fixed points are sought in
    the delay under either rule.
    """

    score_quantity = Quantity("circular error", unit="degrees")
    condition = Quantity("direction to report", unit="rad", kind="circular")
    higher_is_better = False

    kind: Literal["antisaccade"] = Field(
        "antisaccade", description="Report a direction or its opposite."
    )
    directions: Several = Field(8, description="Directions, which divide the circle evenly.")
    stimulus: Count = Field(5, description="Steps for which the direction is shown.")
    delay: Delay = (0, 20)
    solved: Degrees = Field(
        10.0, description="Solved up to this mean absolute circular error, degrees."
    )

    # What to turn all directions by, in parts of the distance between two.
    _turn: float = PrivateAttr(0.0)

    @property
    def epochs(self) -> Epochs:
        """Lengths of the epochs."""
        return Epochs(self.fixation, self.stimulus, self.delay, self.response)

    @property
    def channels(self) -> tuple[str, ...]:
        """``fixation``, ``cos``, ``sin``, ``pro``, ``anti``."""
        return ("fixation", "cos", "sin", "pro", "anti")

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the direction to report in (-π, π]."""
        timing = self.epochs.draw(n_trials, rng)
        number = rng.integers(self.directions, size=n_trials)
        stimulus = 2 * np.pi * (number + self._turn) / self.directions
        anti = rng.integers(RULES, size=n_trials)
        asked = stimulus + np.pi * anti
        shown = timing.stimulus[..., None] * _vector(stimulus)[:, None]
        rule = np.repeat(np.eye(RULES)[anti][:, None], self.time, axis=1)
        inputs = np.concatenate([shown, rule], axis=-1)
        return timing.trials(inputs, _vector(asked), wrapped(asked))

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return the mean absolute circular error of the response, degrees; chance is 90.

        A trial's response is the direction of the mean over its response epoch.
        """
        given, asked = (_angle(answered(y, trials)) for y in (outputs, trials.targets))
        return float(np.degrees(np.abs(wrapped(given - asked)).mean()))

    def report(self, outputs: np.ndarray) -> np.ndarray:
        """Return the direction, radians; NaN where the response is short, as before it is due."""
        response = np.asarray(outputs, dtype=np.float64)[..., 1:]
        long = np.linalg.norm(response, axis=-1) >= SHORTEST_RESPONSE
        return np.where(long, _angle(response), np.nan)

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Return the delay under either rule."""
        fixation, _, _, pro, anti = np.eye(self.inputs)
        return {"pro": fixation + pro, "anti": fixation + anti}

    def unseen(self) -> Self:
        """Directions lie half-way between those of training."""
        task = self.model_copy()
        task._turn = 0.5
        return task


def _vector(angle: np.ndarray) -> np.ndarray:
    """Return cosine and sine (..., 2) of angles in radians."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def _angle(vector: np.ndarray) -> np.ndarray:
    """Return the angles in radians of vectors (..., 2)."""
    return np.arctan2(vector[..., 1], vector[..., 0])
