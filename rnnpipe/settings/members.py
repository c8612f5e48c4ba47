"""The cohorts and blocks whose results a job on many blocks reads, and those that are missing."""

from collections.abc import Iterator
from typing import ClassVar

from rnnpipe.parameters import Settings
from rnnpipe.settings.grid import Cohort


class OfCohort(Settings):
    """An entry that names a cohort."""

    task: str
    model: str
    constraint: str

    @property
    def cohort(self) -> Cohort:
        """The cohort that the entry names."""
        return Cohort(self.task, self.model, self.constraint)


class MissingBlock(OfCohort):
    """A block without results.

    Attributes
    ----------
    seeds
        Label of the block.
    networks
        Number of its networks.
    stage, log
        The first stage that left no files, and the path of its log.
    """

    seeds: str
    networks: int
    stage: str
    log: str


class Gathering(Settings):
    """The settings of a job that reads the results of many blocks, some of which may be missing."""

    uncounted: ClassVar[tuple[str, ...]] = ("experiment",)

    experiment: str
    missing: tuple[MissingBlock, ...] = ()

    def missing_networks(self, task: str | None = None) -> int:
        """Return the number of missing networks, of one task if it is named."""
        return sum(block.networks for block in self.missing if task in (None, block.task))

    def missing_by_task(self) -> dict[str, int]:
        """Return the number of missing networks of each task that lacks any."""
        return {block.task: self.missing_networks(block.task) for block in self.missing}


class Members(Gathering):
    """The cohorts whose results a job reads, and their blocks.

    Attributes
    ----------
    cohorts
        Every cohort.
    labels
        Labels of the blocks of each of them.
    asked
        What is asked of each of them beside what is done for all networks, and read by the job.
    """

    cohorts: tuple[OfCohort, ...]
    labels: tuple[str, ...]
    asked: tuple[str, ...] = ()

    def blocks(self) -> Iterator[tuple[Cohort, str]]:
        """Yield the cohort and label of every block that is not missing."""
        missing = {(block.cohort, block.seeds) for block in self.missing}
        for entry in self.cohorts:
            for label in self.labels:
                if (block := (entry.cohort, label)) not in missing:
                    yield block


def block_holds(label: str, seed: int) -> bool:
    """Return whether the slot of a block, named by its label, holds a seed."""
    first, last = map(int, label.split("-"))
    return first <= seed <= last
