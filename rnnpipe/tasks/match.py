"""Delayed match to sample: is the second item the one that was shown first?

Miller, Erickson & Desimone 1996 (J. Neurosci. 16:5154); as a task for networks
Yang et al. 2019 (Nat. Neurosci. 22:297).
"""

from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, Trials
from rnnpipe.tasks.channels import match_channels
from rnnpipe.tasks.epochs import Epochs, right_choices


class Match(Task):
    """A sample, a delay, a test, and then the answer: match or non-match, one output each.

    The first output is the fixation. Half of the trials match; in the others
    every other item is as likely.

    Parameters
    ----------
    items
        Number of items.
    encoding
        ``"lines"``: one input an item. ``"ring"``: cosine and sine of directions that
        divide the circle evenly.
    fixation, sample, delay, test, response
        Lengths of the epochs in steps; the delay is drawn between two.
    solved
        Fraction of right answers that counts as solved.
    """

    score_quantity = Quantity("choice accuracy")
    condition = Quantity("sample", kind="categorical")

    def __init__(
        self,
        items: int = 2,
        encoding: str = "lines",
        fixation: int = 5,
        sample: int = 5,
        delay: Sequence[int] = (0, 10),
        test: int = 5,
        response: int = 10,
        solved: float = 0.95,
    ) -> None:
        self.items = items
        self.encoding = encoding
        # What to turn all directions by, in parts of the distance between two.
        self.turn = 0.0
        self.inputs = len(self.channels)
        self.outputs = 3
        self.epochs = Epochs(fixation, sample, delay, response, test)
        self.solved = solved

    @property
    def patterns(self) -> np.ndarray:
        """Inputs (item, input) that show the items, without the fixation."""
        if self.encoding == "lines":
            return np.eye(self.items)
        angle = 2 * np.pi * (np.arange(self.items) + self.turn) / self.items
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
        """Fraction of right answers, by the mean over the response; a chance of 1/2."""
        return right_choices(outputs, trials)

    @property
    def channels(self) -> tuple[str, ...]:
        """``fixation``, then ``item1``, ``item2``, … or ``cos`` and ``sin``."""
        return match_channels(self.items, self.encoding)

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """The delay: the fixation alone."""
        return {"delay": np.eye(self.inputs)[0]}

    def pulses(self) -> Mapping[str, np.ndarray]:
        """Each item for one step, with the fixation."""
        return {
            f"item {number + 1}": np.concatenate([[1.0], pattern])
            for number, pattern in enumerate(self.patterns)
        }

    def longer(self, times: int) -> "Match":
        """Delays `times` as long."""
        task = copy(self)
        task.epochs = self.epochs.longer(times)
        return task

    def unseen(self) -> "Match | None":
        """Directions half-way between those trained; ``None`` where items have lines."""
        if self.encoding == "lines":
            return None
        task = copy(self)
        task.turn = 0.5
        return task
