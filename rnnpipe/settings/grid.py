"""Cohorts of networks and blocks of seeds, into which an experiment expands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, product

from pydantic import Field, model_validator

from rnnpipe.faults import Fault, suggestion
from rnnpipe.parameters import Settings

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


class Exclusion(Settings):
    """Combinations to leave out: those that match every key given."""

    task: str | None = Field(None, description="Name of a task; null: any.")
    model: str | None = Field(None, description="Name of a model; null: any.")
    constraint: str | None = Field(None, description="Name of a constraint; null: any.")

    @model_validator(mode="after")
    def _not_empty(self) -> "Exclusion":
        if self.task is None and self.model is None and self.constraint is None:
            raise ValueError("give at least one of task, model, constraint")
        return self

    def matches(self, cohort: Cohort) -> bool:
        """Return whether a cohort is left out."""
        return all(
            wanted in (None, name)
            for wanted, name in (
                (self.task, cohort.task),
                (self.model, cohort.model),
                (self.constraint, cohort.constraint),
            )
        )


def cut_blocks(seeds: Iterable[int], seeds_per_job: int) -> tuple[Block, ...]:
    """Return the slots of the seed grid that hold any of the ascending `seeds`."""
    return tuple(
        Block(slot * seeds_per_job, (slot + 1) * seeds_per_job - 1, tuple(members))
        for slot, members in groupby(seeds, key=lambda seed: seed // seeds_per_job)
    )


def combine(
    tasks: Sequence[str],
    models: Sequence[str],
    constraints: Sequence[str],
    exclude: Sequence[Exclusion],
) -> tuple[tuple[Cohort, ...], list[Fault]]:
    """Combine names into cohorts, and find exclusions that make no sense.

    Returns
    -------
    cohorts
        Every combination that no exclusion matches, in the order of the file.
    faults
        One per exclusion that names something unknown or leaves nothing out, and
        one if no cohort is left.
    """
    kept = [Cohort(*names) for names in product(tasks, models, constraints)]
    known = {"task": tasks, "model": models, "constraint": constraints}
    faults = []
    for i, exclusion in enumerate(exclude):
        unknown = [
            Fault(f"exclude[{i}].{key}", _unknown(name, key, names))
            for key, names in known.items()
            if (name := getattr(exclusion, key)) is not None and name not in names
        ]
        rest = [cohort for cohort in kept if not exclusion.matches(cohort)]
        if not unknown and len(rest) == len(kept):
            faults.append(Fault(f"exclude[{i}]", "leaves nothing out that is not out already"))
        faults.extend(unknown)
        kept = rest
    if not kept:
        faults.append(Fault("exclude", "leaves no combination of task, model and constraint"))
    return tuple(kept), faults


def _unknown(name: str, key: str, names: Sequence[str]) -> str:
    return f'"{name}" is not a {key} (one of {", ".join(names)}){suggestion(name, names)}'
