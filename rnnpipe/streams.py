"""Named random streams: every draw comes from a generator keyed by what the numbers are for."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


def stream(seed: int, purpose: str, *names: str) -> np.random.Generator:
    """Return the generator for one purpose of one seed.

    Streams of different purposes or names are independent, so that adding a draw for
    one purpose never shifts the numbers of another.

    Parameters
    ----------
    seed
        Non-negative integer.
    purpose
        What the numbers are for, such as ``"training trials"``.
    names
        Whose numbers they are: a task's name, or the names of a cohort.
    """
    key = "\0".join((purpose, *names))
    digest = hashlib.blake2b(key.encode(), digest_size=16).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))


@dataclass(frozen=True)
class Replicates:
    """Independent networks of one cohort, and the random streams they draw from.

    A network's own streams are keyed by the names of its cohort and by its seed, so that
    networks of equal seed in two cohorts are independent draws, even if the cohorts have
    equal settings.

    Attributes
    ----------
    task, model, constraint
        Names of the cohort.
    seeds
        One per network.
    """

    task: str
    model: str
    constraint: str
    seeds: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.seeds)

    def select(self, rows: Iterable[int]) -> "Replicates":
        """Select the networks in the given rows."""
        seeds = tuple(self.seeds[row] for row in rows)
        return Replicates(self.task, self.model, self.constraint, seeds)

    def streams(self, purpose: str) -> list[np.random.Generator]:
        """Return the generator of every network for one purpose."""
        names = self.task, self.model, self.constraint
        return [stream(seed, purpose, *names) for seed in self.seeds]
