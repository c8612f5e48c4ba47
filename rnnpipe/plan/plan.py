"""The plan of an experiment: its cohorts and blocks, the jobs on them, and the files of each.

Imports neither torch nor pandas, since the Snakefile is read again for every job on a cluster.
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cached_property

from rnnpipe.figures.catalogue import KINDS, kinds_for
from rnnpipe.plan.fingerprint import Kinds, job_code
from rnnpipe.plan.paths import (
    block_path,
    log_path,
    output_paths,
    population_path,
    scene_folder,
)
from rnnpipe.plan.rules import BLOCK_RULES
from rnnpipe.plan.stages import IMPORT, POPULATION, STAGE_OF, STAGES, gathered
from rnnpipe.population.findings.claims import population_tables, tables_for
from rnnpipe.settings import Block, Cohort, Experiment
from rnnpipe.settings.asked import Asked, Asking
from rnnpipe.settings.members import MissingBlock

# The part of a cohort that some examples make up, whichever blocks they are in.
EXAMPLES = "examples"
# The population tables of every task that the pages read.
OF_PAGES = ("networks", "embedding")
# A job: its stage, and its wildcards' values.
Job = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Plan:
    """An experiment, expanded into blocks, jobs and files.

    Attributes
    ----------
    experiment
        The settings.
    missing
        Blocks that are given up: no job works on them, and no table waits for them.
    failed
        Jobs on all networks of a task, figures and scenes that are given up: neither they nor
        jobs that read what they would write are planned.
    """

    experiment: Experiment
    missing: tuple[MissingBlock, ...] = ()
    failed: tuple[Job, ...] = ()

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return self.experiment.name

    @cached_property
    def every_block(self) -> dict[Cohort, dict[str, Block]]:
        """Blocks of every cohort by their labels, missing or not."""
        blocks = {block.label: block for block in self.experiment.blocks()}
        return dict.fromkeys(self.experiment.cohorts(), blocks)

    @cached_property
    def _blocks(self) -> dict[Cohort, list[Block]]:
        """Blocks of every cohort that are not missing."""
        missing = {(block.cohort, block.seeds) for block in self.missing}
        return {
            cohort: [block for label, block in blocks.items() if (cohort, label) not in missing]
            for cohort, blocks in self.every_block.items()
        }

    def cohorts(self, task: str | None = None) -> list[Cohort]:
        """Return the cohorts, of one task if it is named, without cohorts that are all missing."""
        return [c for c, blocks in self._blocks.items() if blocks and task in (None, c.task)]

    def tasks(self, *tables: str) -> list[str]:
        """Return the tasks that have networks, and of population tables those that are named."""
        tasks = dict.fromkeys(cohort.task for cohort in self.cohorts())
        return [task for task in tasks if not any((table, task) in self._lost for table in tables)]

    @cached_property
    def _lost(self) -> dict[tuple[str, str], Job]:
        """Population tables, by name and task, that no job makes, and the job that failed."""
        lost: dict[tuple[str, str], Job] = {}
        for rule, stage in STAGES.items():
            for task in self.tasks() if stage.wildcards == ("task",) else ():
                job = (rule, (task,))
                causes = [lost[table, task] for table in stage.inputs if (table, task) in lost]
                if job in self.failed or causes:
                    first = causes[0] if causes else job
                    lost |= {(table, task): first for table in stage.outputs}
        return lost

    def missing_for(self, rule: str) -> tuple[MissingBlock, ...]:
        """Return the blocks that a job on all tasks lacks: whole tasks without its tables too."""
        lost = []
        for cohort, block in self.blocks("train"):
            keys = [(table, cohort.task) for table in self.read_of_tasks(rule)]
            failed = [self._lost[key] for key in keys if key in self._lost]
            for stage, names in failed[:1]:
                lost.append(
                    MissingBlock(
                        **vars(cohort),
                        seeds=block.label,
                        networks=len(block.seeds),
                        stage=stage,
                        log=log_path(self.name, stage, *names),
                    )
                )
        return (*self.missing, *lost)

    def blocks(self, stage: str, task: str | None = None) -> list[tuple[Cohort, Block]]:
        """Return cohort and block of a stage's jobs, of a task if named; `train` may import."""
        return [
            (cohort, block)
            for cohort in self.cohorts(task)
            if self.asking.applies(STAGES[stage].only, cohort)
            for block in self._blocks[cohort]
        ]

    def block_jobs(self) -> Iterator[tuple[str, Cohort, Block]]:
        """Yield the rule, cohort and block of every block's job, in the order of the rules."""
        for rule, stages in BLOCK_RULES.items():
            for cohort, block in self.blocks(stages[0].name):
                yield rule, cohort, block

    @cached_property
    def asking(self) -> Asking:
        """What the experiment asks of its cohorts beside what is done for all."""
        return Asking(self.experiment)

    def members_of(self, task: str | None, only: Asked | None = None) -> list[Cohort]:
        """Return the cohorts, of one task if it is named, to which what is asked for applies."""
        return [cohort for cohort in self.cohorts(task) if self.asking.applies(only, cohort)]

    def imports(self, cohort: Cohort) -> bool:
        """Return whether the networks of a cohort are imported."""
        return self.experiment.models[cohort.model].imported

    def models(self, imported: bool) -> list[str]:
        """Return the models whose networks are imported, or else trained."""
        return [n for n, model in self.experiment.models.items() if model.imported == imported]

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield the task and the kind of every figure."""
        for task in self.tasks():
            settings = self.experiment.tasks[task]
            names = [astuple(cohort)[1:] for cohort in self.cohorts(task)]
            counts = [len(set(which)) for which in zip(*names, strict=True)]
            asked = self.asking.of_any(self.cohorts(task))
            for kind in kinds_for(settings.kind, asked, *counts):
                read = POPULATION.keys() & {"networks", *KINDS[kind].tables}
                if task in self.tasks(*read) and ("figure", (task, kind)) not in self.failed:
                    yield task, kind

    def scenes(self) -> list[tuple[Cohort, str]]:
        """Return the cohort and part (examples, or a block) of every job that draws networks."""
        networks, tasks = self.experiment.scenes.networks, self.tasks("networks")
        if networks == 0:
            return []
        return [
            (cohort, part)
            for cohort in self.cohorts()
            for part in (
                [block.label for block in self._blocks[cohort]] if networks == "all" else [EXAMPLES]
            )
            if cohort.task in tasks and ("scene", (*astuple(cohort), part)) not in self.failed
        ]

    def pages(self) -> list[tuple[Cohort, str]]:
        """Return the cohort and part of every job that draws networks for the pages."""
        tasks = self.tasks(*OF_PAGES)
        return [(cohort, part) for cohort, part in self.scenes() if cohort.task in tasks]

    def jobs(self) -> dict[str, list[tuple[str, ...]]]:
        """Return the jobs of every stage, each named by its wildcards' values."""
        jobs = {rule: self._jobs_of(rule) for rule in STAGES}
        return {rule: own for rule, own in jobs.items() if own or rule not in ("train", IMPORT)}

    def _jobs_of(self, rule: str) -> list[tuple[str, ...]]:
        if rule == "figure":
            return list(self.figures())
        if rule == "scene":
            return [(*astuple(cohort), part) for cohort, part in self.scenes()]
        if STAGES[rule].wildcards == ("task",):
            tasks, only = self.tasks(*STAGES[rule].outputs), STAGES[rule].only
            return [(task,) for task in tasks if self.members_of(task, only)]
        if not STAGES[rule].wildcards:
            return [()] if self.tasks(*self.read_of_tasks(rule)) else []
        return [
            (*astuple(cohort), block.label)
            for cohort, block in self.blocks(rule)
            if rule not in ("train", IMPORT) or self.imports(cohort) == (rule == IMPORT)
        ]

    def code(self, rule: str, *names: str) -> str:
        """Return the fingerprint of the code of a job.

        Parameters
        ----------
        rule, names
            The rule, and the values of its wildcards.
        """
        named = dict(zip(STAGES[rule].wildcards, names, strict=True))
        cohorts = self.cohorts(named.get("task"))
        models = {named["model"]} if "model" in named else {cohort.model for cohort in cohorts}
        tasks = {named["task"]} if "task" in named else {cohort.task for cohort in cohorts}
        kinds = Kinds(
            frozenset(self.experiment.tasks[task].kind for task in tasks),
            frozenset(self.experiment.models[model].cell for model in models),
            frozenset({named["kind"]} if "kind" in named else ()),
        )
        return job_code(rule, kinds)

    def stage_files(self, stage: str) -> list[str]:
        """Return every file that a stage writes; ``train`` includes files of imported networks."""
        rules = ("train", IMPORT) if stage == "train" else (stage,)
        return [
            path
            for rule in rules
            for names in self._jobs_of(rule)
            for path in output_paths(self.name, rule, *names).values()
        ]

    def every_file(self) -> list[str]:
        """Return every file and folder that jobs write."""
        return [
            path
            for rule, jobs in self.jobs().items()
            for names in jobs
            for path in output_paths(self.name, rule, *names).values()
        ]

    def files(self, name: str, task: str | None = None) -> list[str]:
        """Return every block's file of a table or file name, of one task if it is named."""
        return [
            block_path(self.name, name, cohort, block.label)
            for cohort, block in self.blocks(STAGE_OF[name], task)
        ]

    def figure_inputs(self, kind: str, task: str) -> list[str]:
        """Return the files that a figure reads."""
        own = self.members_of(task, KINDS[kind].only)
        blocks = [(cohort, block.label) for cohort in own for block in self._blocks[cohort]]
        return [
            path
            for table in KINDS[kind].tables
            for path in (
                [population_path(self.name, table, task)]
                if table in POPULATION
                else [block_path(self.name, table, *block) for block in blocks]
            )
        ]

    def finding_files(self) -> list[str]:
        """Return the files of blocks that the findings read."""
        return [
            path
            for task in self.tasks(*self.read_of_tasks("findings"))
            for table in tables_for(
                self.experiment.tasks[task].kind, self.asking.of_all(self.cohorts(task))
            )
            for path in self.files(table, task)
        ]

    def read_of_tasks(self, rule: str) -> tuple[str, ...]:
        """Return the population tables that a job on all tasks reads of each of them."""
        if rule == "findings":
            return population_tables(self.asking.of_all(self.cohorts()))
        return OF_PAGES if rule == "pages" else ()

    def tables_of_tasks(self, rule: str) -> list[str]:
        """Return the population tables that a job on all tasks reads."""
        tables = self.read_of_tasks(rule)
        return [population_path(self.name, t, task) for t in tables for task in self.tasks(*tables)]

    def page_inputs(self) -> list[str]:
        """Return the folders of pictures that the pages link."""
        return [scene_folder(self.name, cohort, part) for cohort, part in self.pages()]

    def scene_inputs(self, cohort: Cohort, part: str) -> list[str]:
        """Return the files that a job that draws networks reads."""
        labels = [block.label for block in self._blocks[cohort] if part in (EXAMPLES, block.label)]
        tables = gathered("scene", self.asking.of_all([cohort]))
        return [
            population_path(self.name, "networks", cohort.task),
            *(block_path(self.name, table, cohort, label) for table in tables for label in labels),
        ]

    def network_files(self, cohort: Cohort, seeds: str) -> list[str]:
        """Return the files of the imported networks of a block."""
        block = self.every_block[cohort][seeds]
        return list(self.experiment.models[cohort.model].network_files(cohort, [block]))

    def masks(self, constraint: str) -> list[str]:
        """Return the mask files of a constraint."""
        return list(self.experiment.constraints[constraint].mask_files())
