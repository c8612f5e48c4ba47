"""Many runs of one map at once: each goes on until it is told where it ends."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.attractors.result import DIVERGED, UNASSIGNED
from rnnpipe.dynamics.maps import Dynamics

# Updates before runs are looked at first; each later look comes after as many as all before.
FIRST_LOOK = 64
# Most numbers that are kept of the states of one look.
KEPT = 8_000_000
SHORTEST, LONGEST = 32, 512
# A run that is further from the start of all runs than this, relative to the spread, diverged.
DIVERGED_BEYOND = 1e6


class Runs:
    """States of all runs that are still going, and the ends of all others.

    Attributes
    ----------
    states
        (going, unit).
    rows
        (going,), number of each among all runs.
    ends
        (run,), number of the attractor that each ends in, -1 and -2 as in
        `rnnpipe.dynamics.attractors.result`.
    updates
        (run,), those that each took.
    steps
        Most updates of a run.
    """

    def __init__(self, dynamics: Dynamics, starts: np.ndarray, spread: float, steps: int) -> None:
        self.dynamics = dynamics
        self.states = dynamics.placed(starts)
        self.rows = np.arange(len(starts))
        self.ends = np.full(len(starts), UNASSIGNED)
        self.updates = np.zeros(len(starts), dtype=np.int64)
        self.steps = steps
        self.far = DIVERGED_BEYOND * spread
        self.centre = self.states.mean(0)

    def looks(self) -> Iterator[tuple[np.ndarray, bool]]:
        """Run on, and at every look yield the last states (time, going, unit) of what is going.

        With them comes whether it is the last look.
        """
        taken, length = 0, FIRST_LOOK
        while taken < self.steps and len(self.rows):
            length = min(length, self.steps - taken)
            window = self._advance(length)
            taken += length
            length = taken
            if len(self.rows):
                yield window, taken == self.steps

    def extend(self, times: int) -> None:
        """Let runs take so many times as many updates."""
        self.steps *= times

    def _advance(self, updates: int) -> np.ndarray:
        """Update so often; the last states, of runs that did not diverge."""
        room = KEPT // max(1, self.states.numel())
        kept = min(updates, LONGEST, max(SHORTEST, room))
        last: list[Tensor] = []
        for update in range(updates):
            self.states = self.dynamics.step(self.states)
            if update >= updates - kept:
                last.append(self.states)
        self.updates[self.rows] += updates
        distance = (self.states - self.centre).norm(dim=1)
        bounded = (distance <= self.far).cpu().numpy()  # false of NaN, too
        window = torch.stack(last).cpu().numpy()[:, bounded]
        self.leave(~bounded, np.full(int((~bounded).sum()), DIVERGED))
        return window

    def leave(self, leaving: np.ndarray, ends: np.ndarray) -> None:
        """End the runs `leaving` (going,), a mask, at the attractors `ends` (leaving,)."""
        self.ends[self.rows[leaving]] = ends
        self.rows = self.rows[~leaving]
        self.states = self.states[torch.from_numpy(~leaving).to(self.states.device)]
