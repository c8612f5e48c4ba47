"""Whose files a job on many blocks reads, as the plan tells it."""

from collections.abc import Iterator, Mapping
from typing import Any

from rnnpipe.settings import Cohort


def cohort_of(entry: Mapping[str, Any]) -> Cohort:
    """The cohort that an entry names, whatever else it says."""
    return Cohort(entry["task"], entry["model"], entry["constraint"])


def cohorts_of(members: Mapping[str, Any]) -> list[Cohort]:
    """The cohorts among the members."""
    return [cohort_of(entry) for entry in members["cohorts"]]


def blocks_of(members: Mapping[str, Any]) -> Iterator[tuple[Cohort, str]]:
    """Cohort and label of every block.

    Parameters
    ----------
    members
        `cohorts`, each with its number of `seeds_per_job`, `blocks`, labels by
        that number, and those that are `missing` if any is, as `Plan` gives them
        to a job.
    """
    missing = {(cohort_of(entry), entry["seeds"]) for entry in members.get("missing", ())}
    for entry in members["cohorts"]:
        for label in members["blocks"][str(entry["seeds_per_job"])]:
            if (block := (cohort_of(entry), label)) not in missing:
                yield block


def missing_networks(members: Mapping[str, Any], task: str | None = None) -> int:
    """How many networks are missing, of one task if it is named."""
    return sum(
        entry["networks"] for entry in members.get("missing", ()) if task in (None, entry["task"])
    )


def holds(block: str, seed: int) -> bool:
    """Whether a block, named by its label, is the one of a seed."""
    first, last = map(int, block.split("-"))
    return first <= seed <= last
