"""Delayed match to sample: is the second item the one that was shown first?

Miller, Erickson & Desimone 1996 (J. Neurosci. 16:5154); as a task for networks
Yang et al. 2019 (Nat. Neurosci. 22:297).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field, PrivateAttr

from rnnpipe.parameters import Count, NonZeroFraction, read_number
from rnnpipe.tasks.base import Quantity, Trials, numbered
from rnnpipe.tasks.epochs import CHOICES, Epochs, EpochTask, right_choices

# With lines, each item is an input with a name, and a pulse.
Items = Annotated[int, Field(ge=2, le=1000), BeforeValidator(read_number)]


class Match(EpochTask):
    """After a sample, a delay and a test, the outputs report whether both items are the same.

    Delayed match to sample (Miller, Erickson & Desimone 1996). Outputs are the
    fixation, match and non-match. Half of the trials match; in the others every other
    item is as likely. Without `probes`, fixed points are sought in the delay.
    """

    score_quantity = Quantity("choice accuracy")
    condition = Quantity("sample", kind="categorical")

    kind: Literal["match"] = Field("match", description="Compare an item with a remembered one.")
    items: Items = Field(2, description="Number of items.")
    encoding: Literal["lines", "ring"] = Field(
        "lines",
        description="One input per item (lines), or cosine and sine of directions that divide "
        "the circle evenly (ring).",
    )
    sample_steps: Count = Field(5, alias="sample", description="Steps of the first item.")
    test: Count = Field(5, description="Steps of the second item, before the response.")
    solved: NonZeroFraction = Field(0.95, description=CHOICES)

    # What to turn all directions by, in parts of the distance between two.
    _turn: float = PrivateAttr(0.0)

    @property
    def epochs(self) -> Epochs:
        """Lengths of the epochs."""
        return Epochs(self.fixation, self.sample_steps, self.delay, self.response, self.test)

    @property
    def channels(self) -> tuple[str, ...]:
        """``fixation``, then ``item1``, ``item2``, … or ``cos`` and ``sin``."""
        ring = self.encoding == "ring"
        return ("fixation", *(("cos", "sin") if ring else numbered("item", self.items)))

    @property
    def patterns(self) -> np.ndarray:
        """Inputs (item, input) that show the items, without the fixation."""
        if self.encoding == "lines":
            return np.eye(self.items)
        angle = 2 * np.pi * (np.arange(self.items) + self._turn) / self.items
        return np.stack([np.cos(angle), np.sin(angle)], axis=-1)

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the number of the sample, from 0."""
        timing = self.epochs.draw(n_trials, rng)
        sample = rng.integers(self.items, size=n_trials)
        matching = rng.random(n_trials) < 0.5
        other = (sample + rng.integers(1, self.items, size=n_trials)) % self.items
        test = np.where(matching, sample, other)
        shown = (
            timing.stimulus[..., None] * self.patterns[sample][:, None]
            + timing.test[..., None] * self.patterns[test][:, None]
        )
        return timing.trials(shown, np.stack([matching, ~matching], axis=-1), sample)

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return the fraction of right answers, by the mean over the response; chance is 1/2."""
        return right_choices(outputs, trials)

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Return the delay: the fixation alone."""
        return {"delay": np.eye(self.inputs)[0]}

    def pulses(self) -> Mapping[str, np.ndarray]:
        """Return each item for one step, with the fixation."""
        return {
            f"item {number + 1}": np.concatenate([[1.0], pattern])
            for number, pattern in enumerate(self.patterns)
        }

    def unseen(self) -> Self | None:
        """Directions lie half-way between those of training; ``None`` where items have lines."""
        if self.encoding == "lines":
            return None
        task = self.model_copy()
        task._turn = 0.5
        return task
