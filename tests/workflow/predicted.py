"""What a change repeats, told without a run: what depends on it, and all that follows from that."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES, STAGES
from rnnpipe.settings import Experiment
from tests.helpers.codes import every_code, read_at
from tests.helpers.plans import every_setting
from tests.workflow.checkout import Job, changed


class Predicted:
    """Predicts what repeats of the finished small experiment.

    `jobs` are those of a dry run where nothing is done yet: their inputs and outputs.
    """

    def __init__(self, jobs: Mapping[Job, Mapping[str, list[str]]]) -> None:
        self.jobs, self.code = jobs, every_code(small())
        self.makers = {
            file: job
            for job, said in jobs.items()
            for file in (*said["output"], *said.get("benchmark", ()))
        }
        self.followers: dict[Job, set[Job]] = {job: set() for job in jobs}
        for job, said in jobs.items():
            for file in said.get("input", ()):
                if file in self.makers:
                    self.followers[self.makers[file]].add(job)

    def changed(self, changes: Mapping[str, Any]) -> set[Job]:
        """Jobs that run when settings of the experiment change."""
        before, after = (every_setting(small(**given)) for given in ({}, changes))
        assert {named(job) for job in before} == set(self.jobs)
        new = {named(job) for job in after.keys() - before.keys()}
        other = {job for job in after.keys() & before.keys() if after[job] != before[job]}
        kept = {named(job) for job in after}
        return new | (self.following(map(named, other)) & kept)

    def edited(self, package: Path) -> set[Job]:
        """Jobs that run when the package is edited to be as in another folder."""
        with read_at(package):
            after = every_code(small())
        return self.following(named(job) for job in after if after[job] != self.code[job])

    def lost(self, file: str) -> set[Job]:
        """Jobs that run when a file is deleted: its own, those that read it, and `seconds`.

        What these write again is what others were made from, but for what was measured of them.
        """
        readers = {job for job, said in self.jobs.items() if file in said.get("input", ())}
        jobs = {self.makers[file]} | readers
        measured = any(rule in BLOCK_STAGES for rule, _ in jobs)
        return jobs | ({("seconds", "")} if measured else set())

    def following(self, jobs: Iterable[Job]) -> set[Job]:
        """The jobs, and all that read what they write, directly or not."""
        found: set[Job] = set()
        waiting = list(jobs)
        while waiting:
            if (job := waiting.pop()) not in found:
                found.add(job)
                waiting.extend(self.followers[job])
        return found


def small(**changes: Any) -> Plan:
    return Plan(Experiment.from_mapping(changed(changes)))


def named(job: tuple[str, ...]) -> Job:
    """A job as Snakemake prints it."""
    rule, *values = job
    words = zip(STAGES[rule].wildcards, values, strict=True)
    return rule, ", ".join(f"{key}={value}" for key, value in words)
