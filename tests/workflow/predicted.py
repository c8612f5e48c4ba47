"""What a change repeats, told without a run: what depends on it, and all that follows from that."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import BLOCK_RULES, RULES
from rnnpipe.plan.stages import STAGE_OF, STAGES
from rnnpipe.settings import Experiment
from tests.helpers.codes import every_code, read_at
from tests.helpers.plans import every_setting
from tests.workflow.checkout import Job, changed


class Predicted:
    """Predicts what repeats of the finished small experiment.

    `jobs` are those of a dry run where nothing is done yet: their inputs and outputs. Where the
    stages of one job differ in what they follow on, `stages` tells them apart.
    """

    def __init__(self, jobs: Mapping[Job, Mapping[str, list[str]]]) -> None:
        self.jobs, self.code = jobs, every_code(small())
        self.makers = {
            file: job
            for job, said in jobs.items()
            for file in (*said["output"], *said.get("benchmark", ()))
        }
        self.stages = {stage: files for job in jobs for stage, files in self._stages_of(job)}
        self.followers: dict[Job, set[Job]] = {stage: set() for stage in self.stages}
        made: dict[str, list[Job]] = {}
        for stage, (_, outputs) in self.stages.items():
            for file in outputs:
                made.setdefault(file, []).append(stage)
        for stage, (inputs, _) in self.stages.items():
            for maker in (maker for file in inputs for maker in made.get(file, ())):
                self.followers[maker].add(stage)

    def _stages_of(self, job: Job) -> Iterator[tuple[Job, tuple[list[str], list[str]]]]:
        """The stages of a job, and the files that each reads and writes."""
        rule, wildcards = job
        read, written = (self.jobs[job].get(key, []) for key in ("input", "output"))
        measured = self.jobs[job].get("benchmark", [])
        if len(RULES[rule]) == 1:
            yield (RULES[rule][0].name, wildcards), (read, [*written, *measured])
            return
        for stage in RULES[rule]:
            inputs = [file for file in (*read, *written) if table_of(file) in stage.inputs]
            outputs = [file for file in written if STAGE_OF[table_of(file)] == stage.name]
            yield (stage.name, wildcards), (inputs, [*outputs, *measured])

    def changed(self, changes: Mapping[str, Any]) -> set[Job]:
        """Jobs that run when settings of the experiment change."""
        before, after = (every_setting(small(**given)) for given in ({}, changes))
        assert {named(job) for job in before} == set(self.stages)
        new = {named(job) for job in after.keys() - before.keys()}
        other = {job for job in after.keys() & before.keys() if after[job] != before[job]}
        kept = {named(job) for job in after}
        return jobs_with(new) | (self.following(map(named, other)) & jobs_with(kept))

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
        measured = any(rule in BLOCK_RULES for rule, _ in jobs)
        return jobs | ({("seconds", "")} if measured else set())

    def of(self, name: str) -> set[Job]:
        """All jobs of a rule in its stages, or of one stage."""
        return {stage for stage in self.stages if name in (stage[0], STAGES[stage[0]].rule)}

    def following(self, stages: Iterable[Job]) -> set[Job]:
        """The jobs that run stages, and all that read what these write, directly or not."""
        found: set[Job] = set()
        waiting = list(stages)
        while waiting:
            if (stage := waiting.pop()) not in found:
                found.add(stage)
                waiting.extend(self.followers[stage])
        return jobs_with(found)


def small(**changes: Any) -> Plan:
    return Plan(Experiment.from_mapping(changed(changes)))


def table_of(file: str) -> str:
    """The table or file name that a block's file belongs to."""
    return Path(file).parts[2]


def jobs_with(stages: Iterable[Job]) -> set[Job]:
    """The jobs in which stages run."""
    return {(STAGES[stage].rule, wildcards) for stage, wildcards in stages}


def named(job: tuple[str, ...]) -> Job:
    """What a job does in a stage, its wildcards as Snakemake prints them."""
    stage, *values = job
    words = zip(STAGES[stage].wildcards, values, strict=True)
    return stage, ", ".join(f"{key}={value}" for key, value in words)
