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
from rnnpipe.plan.roster import EXAMPLES, IMPORT, Roster
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings import Block, Cohort, canonical, factors
from rnnpipe.tasks import OwnTask

# What of a task's settings each stage's numbers depend on: the threshold of
# "solved" is applied in the population's table, so moving it trains nothing anew.
JUDGEMENT = "solved"
UNPROBED = ("train", "harvest", "behaviour")


class Plan(Roster):
    """An experiment, expanded into jobs: for each, all that its results depend on."""

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
                    "model": settings.definition(),
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
        if not isinstance(settings, OwnTask):
            del definition[JUDGEMENT]
        if stage in UNPROBED:
            return definition
        return {**definition, **self.probes(task, STAGES[stage].swept)}

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
                "task": {**self._judged(task), **self.probes(task, swept=False)},
            }
            for task in self.tasks()
        }
        chosen = self._similarity("resamples", "seed")
        lost = {"missing": self._missing(None)} if self.missing else {}
        return canonical({"experiment": self.name, "tasks": tasks, **lost, **chosen})

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

    def figure_settings(self, kind: str, task: str) -> str:
        """What a figure of a task depends on."""
        return canonical(
            {
                **self._members(task),
                "task": {**self._judged(task), **self.probes(task, KINDS[kind].swept)},
                "figures": self.experiment.figures,
                "kind": kind,
            }
        )

    def scene_settings(self, task: str, model: str, constraint: str, part: str) -> str:
        """What the pictures and pages of some networks of a cohort depend on."""
        cohort = Cohort(task, model, constraint)
        labels = [label for label in self._blocks[cohort] if part in (EXAMPLES, label)]
        size = self.experiment.seeds_per_job(cohort)
        graph = self.experiment.graph.model_dump(mode="json")
        missing = [
            m for m in self._missing(task) if (m["model"], m["constraint"]) == (model, constraint)
        ]
        return canonical(
            {
                **({"missing": missing} if missing else {}),
                "experiment": self.name,
                "cohorts": [{**asdict(cohort), "seeds_per_job": size}],
                "blocks": {str(size): labels},
                "task": {**self._judged(task), **self.probes(task, swept=False)},
                "graph": {key: graph[key] for key in ("size", "steps")},
                "scenes": self.experiment.scenes,
                "part": part,
            }
        )

    def pages_settings(self) -> str:
        """What the pages of the experiment depend on beside the tables and scenes shown."""
        missing = self._missing(None)
        return canonical(
            {
                **({"missing": missing} if missing else {}),
                "experiment": self.name,
                "tasks": {task: self._task(task, "train") for task in self.tasks()},
                "parts": [{**asdict(cohort), "part": part} for cohort, part in self.scenes()],
            }
        )

    def _judged(self, task: str) -> dict[str, Any]:
        return self.experiment.tasks[task].definition()

    def _members(self, task: str | None) -> dict[str, Any]:
        """Whose files a job reads; `rnnpipe.results.members` reads it."""
        sizes = {cohort: self.experiment.seeds_per_job(cohort) for cohort in self.cohorts(task)}
        missing = self._missing(task)
        return {
            **({"missing": missing} if missing else {}),
            "experiment": self.name,
            "cohorts": [{**asdict(cohort), "seeds_per_job": n} for cohort, n in sizes.items()],
            # By size: a command line has no room for the labels of every cohort.
            "blocks": {str(n): list(self._blocks[cohort]) for cohort, n in sizes.items()},
        }

    def _missing(self, task: str | None) -> list[dict[str, Any]]:
        """The blocks of a task that are missing, or of all tasks."""
        return [
            {**asdict(one.cohort), **{k: v for k, v in vars(one).items() if k != "cohort"}}
            for one in self.missing
            if task in (None, one.cohort.task)
        ]

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
