"""What is done only where it is asked for: stages, figures and claims that not all cohorts have.

A stage or a figure names one of these words, and has jobs for the cohorts to which it applies.
"""

from collections.abc import Iterable
from typing import Literal, get_args

from rnnpipe.settings.contents import Contents
from rnnpipe.settings.grid import Cohort

# Sections of the experiment file that are off unless they are given.
Section = Literal["development", "ranks"]
Asked = Literal["swept", "low_rank"] | Section
SECTIONS: tuple[Section, ...] = get_args(Section)
# The highest rank of which the plane of the recurrence and its loadings are shown.
LOW_RANK = 3


class Asking:
    """What an experiment asks of each of its cohorts.

    ``swept``: its task has a probe that is swept; ``low_rank``: its constraint gives a rank of at
    most `LOW_RANK`; the name of a section: the experiment has it.
    """

    def __init__(self, contents: Contents) -> None:
        self.of = {cohort: asked_of(contents, cohort) for cohort in contents.cohorts()}

    def applies(self, only: Asked | None, cohort: Cohort) -> bool:
        """Return whether something is asked of a cohort; None stands for what is done for all."""
        return only is None or only in self.of[cohort]

    def of_all(self, cohorts: Iterable[Cohort]) -> tuple[Asked, ...]:
        """Return what is asked of each of some cohorts, in alphabetical order."""
        every = [self.of[cohort] for cohort in cohorts]
        return tuple(sorted(frozenset.intersection(*every))) if every else ()

    def of_any(self, cohorts: Iterable[Cohort]) -> frozenset[Asked]:
        """Return what is asked of any of some cohorts."""
        return frozenset().union(*(self.of[cohort] for cohort in cohorts))


def asked_of(contents: Contents, cohort: Cohort) -> frozenset[Asked]:
    """Return what an experiment asks of one of its cohorts."""
    asked = {section for section in SECTIONS if getattr(contents, section) is not None}
    if contents.tasks[cohort.task].sweeps():
        asked.add("swept")
    rank = contents.constraints[cohort.constraint].rank
    if rank != "full" and rank <= LOW_RANK:
        asked.add("low_rank")
    return frozenset(asked)
