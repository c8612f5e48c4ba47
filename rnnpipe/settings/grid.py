"""Cohorts of networks and blocks of seeds, into which an experiment expands."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

# A workflow of more jobs than these make cannot be planned in a day.
MOST_COHORTS = 10_000
MOST_NETWORKS = 10_000_000


@dataclass(frozen=True, order=True)
class Cohort:
    """The networks of one task, model and constraint, by name."""

    task: str
    model: str
    constraint: str


@dataclass(frozen=True)
class Block:
    """Consecutive seeds that one job handles together.

    Blocks lie on a fixed grid, so adding a seed changes no path.

    Attributes
    ----------
    first, last
        First and last seed of the slot of the grid.
    seeds
        The seeds in the slot that the experiment asks for.
    """

    first: int
    last: int
    seeds: tuple[int, ...]

    @property
    def label(self) -> str:
        """The slot as written in paths: ``0-7``."""
        return f"{self.first}-{self.last}"


def cut_blocks(seeds: Iterable[int], seeds_per_job: int) -> tuple[Block, ...]:
    """Return the slots of the seed grid that hold any of the ascending `seeds`."""
    return tuple(
        Block(slot * seeds_per_job, (slot + 1) * seeds_per_job - 1, tuple(members))
        for slot, members in groupby(seeds, key=lambda seed: seed // seeds_per_job)
    )
