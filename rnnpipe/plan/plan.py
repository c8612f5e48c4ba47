"""The plan of an experiment: which jobs there are, their files, and what re-runs them.

Snakemake's rules and the command line read this; it imports neither torch nor
pandas, since the Snakefile is read again for every job on a cluster.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rnnpipe.figures.catalogue import KINDS
from rnnpipe.parameters import canonical
from rnnpipe.plan.roster import EXAMPLES, IMPORT, Roster
from rnnpipe.plan.stages import BLOCK_JOBS, STAGES
from rnnpipe.settings import Cohort
from rnnpipe.settings.experiment import factors
from rnnpipe.settings.job_settings import (
    CohortPart,
    DistancesJob,
    FigureJob,
    FindingsJob,
    ImportJob,
    PagesJob,
    PopulationJob,
    SceneJob,
    SecondsJob,
    SourceSettings,
    StageTasks,
    StatisticsJob,
    TaskMembers,
    TrainJob,
)
from rnnpipe.settings.members import SizedCohort


class Plan(Roster):
    """An experiment, expanded into jobs: for each, all that its results depend on."""

    def settings(self, stage: str, task: str, model: str, constraint: str, seeds: str) -> str:
        """All that a block's job depends on beside its input files, as canonical JSON."""
        if stage == "train":
            return canonical(self._first_job(Cohort(task, model, constraint), seeds))
        own = {"task": self._task(task, STAGES[stage].swept)}
        return canonical(BLOCK_JOBS[stage](**own, **{stage: getattr(self.experiment, stage)}))

    def _first_job(self, cohort: Cohort, seeds: str) -> TrainJob | ImportJob:
        """The job that makes a block's networks: it trains them, or it imports them."""
        experiment, block = self.experiment, self.block(cohort, seeds)
        model = experiment.models[cohort.model]
        made = {
            "task": experiment.tasks[cohort.task],
            "model": model,
            "constraint": experiment.constraints[cohort.constraint].resolved(model.units),
            "seeds": block.seeds,
        }
        if model.imported:
            files = model.network_files(cohort, self._blocks[cohort].values())
            source = SourceSettings(
                files=[model.network_file(cohort, block, seed) for seed in block.seeds],
                shared=len(files) < len(experiment.seeds),
                recurrent=model.recurrent,
                readout=model.readout,
            )
            return ImportJob(**made, source=source)
        training = experiment.training_for(cohort.task, cohort.model).resolved()
        return TrainJob(**made, training=training)

    def _task(self, task: str, swept: bool) -> Any:
        """A task with those of its probes that are swept, or those that are not."""
        return self.experiment.tasks[task].with_probes(swept)

    def population_settings(self, task: str) -> str:
        """What the population tables of a task depend on: who belongs, and what is solved."""
        own = [factors(self.experiment, cohort) for cohort in self.cohorts(task)]
        return canonical(
            PopulationJob(**self._members(task), task=self.experiment.tasks[task], factors=own)
        )

    def distances_settings(self, task: str) -> str:
        """What the distances between a task's networks depend on."""
        return canonical(
            DistancesJob(
                **self._members(task),
                task=self._task(task, swept=False),
                similarity=self.experiment.similarity,
            )
        )

    def statistics_settings(self, task: str) -> str:
        """What the statistics on a task's distances depend on."""
        return canonical(
            StatisticsJob(**self._members(task), similarity=self.experiment.similarity)
        )

    def findings_settings(self) -> str:
        """What the findings depend on: the tables of all tasks."""
        tasks = {
            task: TaskMembers(**self._members(task), task=self._task(task, swept=False))
            for task in self.tasks()
        }
        return canonical(
            FindingsJob(
                experiment=self.name,
                missing=self.missing,
                tasks=tasks,
                similarity=self.experiment.similarity,
            )
        )

    def seconds_settings(self) -> str:
        """What the table of seconds depends on: whose jobs it gathers."""
        blocks = (block for own in self._blocks.values() for block in own.values())
        stages = [
            StageTasks(stage=stage, tasks=sorted({cohort.task for cohort, _ in self.blocks(stage)}))
            for stage in STAGES
        ]
        return canonical(
            SecondsJob(
                **self._members(None),
                stages=stages,
                networks={block.label: len(block.seeds) for block in blocks},
            )
        )

    def figure_settings(self, kind: str, task: str) -> str:
        """What a figure of a task depends on."""
        return canonical(
            FigureJob(
                **self._members(task),
                task=self._task(task, KINDS[kind].swept),
                figures=self.experiment.figures,
                kind=kind,
            )
        )

    def scene_settings(self, task: str, model: str, constraint: str, part: str) -> str:
        """What the pictures and pages of some networks of a cohort depend on."""
        cohort = Cohort(task, model, constraint)
        size = self.experiment.seeds_per_job(cohort)
        return canonical(
            SceneJob(
                experiment=self.name,
                missing=[block for block in self.missing if block.cohort == cohort],
                cohorts=[SizedCohort(**asdict(cohort), seeds_per_job=size)],
                labels={
                    size: [label for label in self._blocks[cohort] if part in (EXAMPLES, label)]
                },
                task=self._task(task, swept=False),
                graph=self.experiment.graph,
                scenes=self.experiment.scenes,
                part=part,
            )
        )

    def pages_settings(self) -> str:
        """What the pages of the experiment depend on beside the tables and scenes shown."""
        return canonical(
            PagesJob(
                experiment=self.name,
                missing=self.missing,
                tasks={task: self.experiment.tasks[task] for task in self.tasks()},
                parts=[CohortPart(**asdict(cohort), part=part) for cohort, part in self.scenes()],
            )
        )

    def _members(self, task: str | None) -> dict[str, Any]:
        """The fields of `Members`: whose files a job on a task reads, or on all tasks."""
        sizes = {cohort: self.experiment.seeds_per_job(cohort) for cohort in self.cohorts(task)}
        return {
            "experiment": self.name,
            "missing": [block for block in self.missing if task in (None, block.task)],
            "cohorts": [SizedCohort(**asdict(c), seeds_per_job=n) for c, n in sizes.items()],
            "labels": {n: list(self._blocks[cohort]) for cohort, n in sizes.items()},
        }

    def job_settings(self, rule: str, names: Sequence[str]) -> str:
        """What a job gets as ``--settings``; `names` are the values of its wildcards."""
        if rule in (*STAGES, IMPORT):
            return self.settings("train" if rule == IMPORT else rule, *names)
        if rule == "figure":
            task, kind = names
            return self.figure_settings(kind, task)
        return getattr(self, f"{rule}_settings")(*names)


def prepare_environment() -> None:
    """Let jobs' ``python`` be this one, and find the package, installed or not."""
    root = str(Path(__file__).resolve().parents[2])
    for variable, first in (("PATH", os.path.dirname(sys.executable)), ("PYTHONPATH", root)):
        rest = os.environ.get(variable, "")
        # Named further back it would lose to another python.
        if first != rest.split(os.pathsep)[0]:
            os.environ[variable] = first + os.pathsep + rest if rest else first
