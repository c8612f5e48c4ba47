"""The plan of an experiment: which jobs there are, their files, and what re-runs them.

Snakemake's rules and the command line read this; it imports neither torch nor
pandas, since the Snakefile is read again for every job on a cluster.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rnnpipe.figures.kinds import KINDS, kinds_for
from rnnpipe.findings.kinds import tables_for
from rnnpipe.paths import block_benchmark, block_path, population_path
from rnnpipe.settings import Block, ClassSettings, Cohort, Experiment, canonical, factors
from rnnpipe.stages import POPULATION, STAGE_OF, STAGES

# What of a task's settings each stage's numbers depend on: the threshold of
# "solved" is applied in the population's table, so moving it trains nothing anew.
JUDGEMENT = "solved"
# The rule that writes in the place of training where networks are imported.
IMPORT = "import_networks"
UNPROBED = ("train", "harvest", "behaviour")


@dataclass(frozen=True)
class Plan:
    """An experiment, expanded into jobs."""

    experiment: Experiment

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return self.experiment.name

    def cohorts(self, task: str | None = None) -> list[Cohort]:
        """Cohorts, of one task if it is named."""
        return [c for c in self.experiment.cohorts() if task in (None, c.task)]

    def tasks(self) -> list[str]:
        """Tasks that have networks."""
        return list(dict.fromkeys(cohort.task for cohort in self.cohorts()))

    def blocks(self, stage: str, task: str | None = None) -> list[tuple[Cohort, Block]]:
        """Cohort and block of every job of a stage, of one task if it is named."""
        return [
            (cohort, block)
            for cohort in self.cohorts(task)
            if not STAGES[stage].swept or self._probes(cohort.task, swept=True)
            for block in self._blocks[cohort].values()
        ]

    def block(self, cohort: Cohort, seeds: str) -> Block:
        """The block of a cohort that a label names."""
        return self._blocks[cohort][seeds]

    @cached_property
    def _blocks(self) -> dict[Cohort, dict[str, Block]]:
        """Blocks of every cohort by their labels."""
        return {
            cohort: {block.label: block for block in self.experiment.blocks(cohort)}
            for cohort in self.experiment.cohorts()
        }

    def files(self, name: str, task: str | None = None) -> list[str]:
        """Every block's file of a table or file name, of one task if it is named."""
        return [
            block_path(self.name, name, cohort, block.label)
            for cohort, block in self.blocks(STAGE_OF[name], task)
        ]

    def stage_files(self, stage: str) -> list[str]:
        """Every file that a stage writes."""
        return [path for name in STAGES[stage].files for path in self.files(name)]

    def figure_inputs(self, kind: str, task: str) -> list[str]:
        """Files that a figure reads."""
        return [
            path
            for table in KINDS[kind].tables
            for path in (
                [population_path(self.name, table, task)]
                if table in POPULATION
                else self.files(table, task)
            )
        ]

    def finding_files(self) -> list[str]:
        """Files of blocks that the findings read."""
        return [
            path
            for task in self.tasks()
            for table in tables_for(self.experiment.tasks[task].kind)
            for path in self.files(table, task)
        ]

    def figures(self) -> Iterator[tuple[str, str]]:
        """Task and kind of every figure."""
        for task in self.tasks():
            swept = bool(self._probes(task, swept=True))
            names = [astuple(cohort)[1:] for cohort in self.cohorts(task)]
            counts = [len(set(which)) for which in zip(*names, strict=True)]
            for kind in kinds_for(self.experiment.tasks[task].kind, swept, *counts):
                yield task, kind

    def network_files(self, cohort: Cohort, seeds: str) -> list[str]:
        """Files of the imported networks of a block."""
        return list(
            self.experiment.models[cohort.model].network_files(cohort, [self.block(cohort, seeds)])
        )

    def models(self, imported: bool) -> list[str]:
        """Models whose networks are imported, or those whose networks are trained."""
        return [n for n, model in self.experiment.models.items() if model.imported == imported]

    def masks(self, constraint: str) -> list[str]:
        """Mask files that a constraint reads."""
        return list(self.experiment.constraints[constraint].mask_files())

    def settings(self, stage: str, task: str, model: str, constraint: str, seeds: str) -> str:
        """All that a block's job depends on beside its input files, as canonical JSON."""
        experiment = self.experiment
        cohort, task_settings = Cohort(task, model, constraint), self._task(task, stage)
        if stage == "train":
            settings = experiment.models[model]
            block = self.block(cohort, seeds)
            how = (
                {"source": self._source(cohort, block)}
                if settings.imported
                else {"training": self._training(task, model)}
            )
            return canonical(
                {
                    "task": task_settings,
                    "model": self._model(model),
                    "constraint": experiment.constraints[constraint].resolved(settings.units),
                    "seeds": block.seeds,
                    **how,
                }
            )
        return canonical({"task": task_settings, stage: getattr(experiment, stage)})

    def _task(self, task: str, stage: str) -> dict[str, Any]:
        settings = self.experiment.tasks[task]
        definition = settings.definition()
        # What an argument of the user's own class does, only that class knows.
        if not isinstance(settings, ClassSettings):
            del definition[JUDGEMENT]
        if stage in UNPROBED:
            return definition
        return {**definition, **self._probes(task, STAGES[stage].swept)}

    def _probes(self, task: str, swept: bool) -> dict[str, Any]:
        """The probes that are swept, or those that are not, if there are any."""
        probes = self.experiment.tasks[task].probe_list(swept)
        return {"probes": probes} if probes else {}

    def _model(self, model: str) -> dict[str, Any]:
        settings = self.experiment.models[model]
        return {**settings.definition(), "alpha": settings.alpha, "noise": settings.noise}

    def _source(self, cohort: Cohort, block: Block) -> dict[str, Any]:
        """Where imported networks lie: a file for each seed, and the names within."""
        model = self.experiment.models[cohort.model]
        files = model.network_files(cohort, self._blocks[cohort].values())
        return {
            "files": [model.network_file(cohort, block, seed) for seed in block.seeds],
            # Then each file must hold as many networks as seeds name it.
            "shared": len(files) < len(self.experiment.seeds),
            "recurrent": model.recurrent,
            "readout": model.readout,
        }

    def _training(self, task: str, model: str) -> dict[str, Any]:
        """Training settings with presets and shares spelt out, so that only a change counts."""
        settings = self.experiment.training_for(task, model)
        training = settings.model_dump(mode="json")
        training["train"] = settings.trained_parts()
        if "milestones" in training["schedule"]:
            milestones = settings.schedule.milestone_steps(settings.steps)
            training["schedule"]["milestones"] = milestones
        return training

    def population_settings(self, task: str) -> str:
        """What the population tables of a task depend on: who belongs, and what is solved."""
        by_cohort = [factors(self.experiment, cohort) for cohort in self.cohorts(task)]
        return canonical({**self._members(task), "task": self._judged(task), "factors": by_cohort})

    def distances_settings(self, task: str) -> str:
        """What the distances between a task's networks depend on."""
        chosen = self._similarity("metrics", "components", "samples")
        return canonical({**self._members(task), "task": self._task(task, "graph"), **chosen})

    def statistics_settings(self, task: str) -> str:
        """What the statistics on a task's distances depend on."""
        chosen = self._similarity("permutations", "resamples", "seed")
        return canonical({**self._members(task), **chosen})

    def findings_settings(self) -> str:
        """What the findings depend on: the tables of all tasks."""
        tasks = {
            task: {
                **self._members(task),
                "task": {**self._judged(task), **self._probes(task, swept=False)},
            }
            for task in self.tasks()
        }
        chosen = self._similarity("resamples", "seed")
        return canonical({"experiment": self.name, "tasks": tasks, **chosen})

    def _similarity(self, *keys: str) -> dict[str, Any]:
        """The section on similarity, of which a job depends on some keys alone."""
        section = self.experiment.similarity.model_dump(mode="json")
        return {"similarity": {key: section[key] for key in keys}}

    def seconds_settings(self) -> str:
        """What the table of seconds depends on: whose jobs it gathers."""
        blocks = (block for own in self._blocks.values() for block in own.values())
        networks = {block.label: len(block.seeds) for block in blocks}
        stages = [
            {"stage": stage, "tasks": sorted({cohort.task for cohort, _ in self.blocks(stage)})}
            for stage in STAGES
        ]
        return canonical({**self._members(None), "stages": stages, "networks": networks})

    def benchmarks(self) -> list[str]:
        """What Snakemake measured of every block's job."""
        return [
            block_benchmark(self.name, stage, cohort, block.label)
            for stage in STAGES
            for cohort, block in self.blocks(stage)
        ]

    def figure_settings(self, kind: str, task: str) -> str:
        """What a figure of a task depends on."""
        return canonical(
            {
                **self._members(task),
                "task": {**self._judged(task), **self._probes(task, KINDS[kind].swept)},
                "figures": self.experiment.figures,
                "kind": kind,
            }
        )

    def _judged(self, task: str) -> dict[str, Any]:
        return self.experiment.tasks[task].definition()

    def _members(self, task: str | None) -> dict[str, Any]:
        """Whose files a job reads; `rnnpipe.members` reads it."""
        sizes = {cohort: self.experiment.seeds_per_job(cohort) for cohort in self.cohorts(task)}
        return {
            "experiment": self.name,
            "cohorts": [{**asdict(cohort), "seeds_per_job": n} for cohort, n in sizes.items()],
            # By size: a command line has no room for the labels of every cohort.
            "blocks": {str(n): list(self._blocks[cohort]) for cohort, n in sizes.items()},
        }

    def jobs(self) -> dict[str, list[tuple[str, ...]]]:
        """The jobs of every rule, each named by its wildcards' values."""
        by_stage = {
            stage: [(*astuple(cohort), block.label) for cohort, block in self.blocks(stage)]
            for stage in STAGES
        }
        blocks = by_stage.pop("train")
        imported = [job for job in blocks if self.experiment.models[job[1]].imported]
        trained = [job for job in blocks if job not in imported]
        first = {"train": trained, IMPORT: imported}
        return {
            **{rule: jobs for rule, jobs in first.items() if jobs},
            **by_stage,
            **{
                rule: [(task,) for task in self.tasks()]
                for rule in ("population", "distances", "statistics")
            },
            "findings": [()],
            "seconds": [()],
            "figure": list(self.figures()),
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
    root = str(Path(__file__).resolve().parent.parent)
    for variable, first in (("PATH", os.path.dirname(sys.executable)), ("PYTHONPATH", root)):
        rest = os.environ.get(variable, "")
        # Named further back it would lose to another python.
        if first != rest.split(os.pathsep)[0]:
            os.environ[variable] = first + os.pathsep + rest if rest else first
