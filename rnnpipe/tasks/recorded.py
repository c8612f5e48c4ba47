"""Trials from a file: recorded or exotic tasks without code."""

from copy import copy

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, Trials
from rnnpipe.tasks.r_squared import r_squared
from rnnpipe.tasks.trials_file import has_conditions, load_trials

# The parts belong to the task, as its file does: they are the same for every network.
SPLIT_SEED = 0


class Recorded(Task):
    """Trials are drawn from a file; a part of them is kept from training.

    Parameters
    ----------
    path
        File of `rnnpipe.tasks.trials_file.load_trials`.
    held_out
        Share of the trials kept from training: one half for validation, one
        half for the test and everything after. Which ones, follows from their
        number alone.
    condition
        How conditions are coloured: ``linear``, ``circular`` (radians) or ``categorical``.
    solved
        Share of the targets' variance that counts as solved.
    """

    score_quantity = Quantity("R²")

    def __init__(
        self, path: str, held_out: float = 0.2, condition: str = "linear", solved: float = 0.9
    ) -> None:
        self.trials = load_trials(path)
        n_trials, self.time, self.inputs = self.trials.inputs.shape
        self.outputs = self.trials.targets.shape[2]
        self.solved = solved
        self.condition = Quantity(
            "condition", kind=condition if has_conditions(path) else "categorical"
        )
        self.rows = np.arange(n_trials)
        self.parts = split(n_trials, held_out)

    def part(self, name: str) -> "Recorded":
        """The same task on the trials of ``training``, ``validation`` or ``test`` alone."""
        chosen = copy(self)
        chosen.rows = self.parts[name]
        return chosen

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; none comes again before all others have."""
        rounds = -(-n_trials // len(self.rows))
        order = np.concatenate([rng.permutation(self.rows) for _ in range(rounds)])[:n_trials]
        return Trials(*(array[order] for array in vars(self.trials).values()))

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """R², over the trials given."""
        return r_squared(outputs, trials)


def split(n_trials: int, held_out: float) -> dict[str, np.ndarray]:
    """Numbers of the trials for training, validation and test, each ascending, none empty.

    They are chosen at random, so that no part follows what repeats in the file.
    """
    order = np.random.default_rng(SPLIT_SEED).permutation(n_trials)
    kept = min(max(round(held_out * n_trials), 2), n_trials - 1)
    ends = {"test": (0, kept // 2), "validation": (kept // 2, kept), "training": (kept, n_trials)}
    return {name: np.sort(order[first:last]) for name, (first, last) in ends.items()}
