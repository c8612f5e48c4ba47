"""Networks as they were at chosen steps of their training: a block's snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rnnpipe.networks.stack import NetworkStack


@dataclass(frozen=True)
class Snapshots:
    """The networks of a block at the steps at which their weights were kept.

    Every network has one of step 0, before training, and its latest is of its own last step,
    unless it diverged: when that shows, its last finite weights are gone. Where no weights were
    kept, there is no snapshot at all.

    Attributes
    ----------
    networks
        One network per snapshot, (snapshot, ...), so that all are analysed as one stack.
    steps
        (snapshot,) number of training steps done; ascending.
    rows
        (snapshot,) row of the block that each is of; ascending within a step.
    seeds
        Seeds of the block, by row.
    """

    networks: NetworkStack
    steps: np.ndarray
    rows: np.ndarray
    seeds: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.steps)

    @cached_property
    def kept_steps(self) -> np.ndarray:
        """Every step (step,) at which some network was kept, ascending."""
        return np.unique(self.steps)

    def at(self, step: int) -> tuple[NetworkStack, np.ndarray]:
        """The networks that were kept at a step, and their rows of the block (network,)."""
        chosen = (self.steps == step).nonzero()[0]
        return self.networks.select(chosen), self.rows[chosen]

    def of(self, row: int) -> tuple[NetworkStack, np.ndarray]:
        """One network of the block at all its steps, as a stack, and the steps (step,)."""
        chosen = (self.rows == row).nonzero()[0]
        return self.networks.select(chosen), self.steps[chosen]

    def to(self, device: str) -> "Snapshots":
        """The same snapshots on another device."""
        return replace(self, networks=self.networks.to(device))

    @classmethod
    def none(cls, networks: NetworkStack, seeds: Sequence[int]) -> "Snapshots":
        """Snapshots of networks of which none was kept."""
        steps = np.zeros(0, dtype=int)
        return cls(networks.select(steps), steps, steps, tuple(seeds))
