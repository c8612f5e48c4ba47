"""Who belongs to an experiment: its cohorts, their blocks, and the files of each.

Imports neither torch nor pandas, since the Snakefile is read again for every
job on a cluster.
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cached_property

from rnnpipe.figures.catalogue import KINDS, kinds_for
from rnnpipe.plan.paths import block_benchmark, block_path, population_path, scene_folder
from rnnpipe.plan.stages import POPULATION, STAGE_OF, STAGES
from rnnpipe.population.findings.claims import tables_for
from rnnpipe.settings import Block, Cohort, Experiment
from rnnpipe.settings.members import MissingBlock

# The part of a cohort that a few networks make up, wherever in it they stand.
EXAMPLES = "examples"
# What a scene is made of beside the table of networks.
SCENE_TABLES = (
    "weights",
    "trajectories",
    "components",
    "fixed_points",
    "orbits",
    "searches",
    "stability",
    "modes",
    "edges",
    "continua",
    "continuum_points",
)
# The rule that writes in the place of training where networks are imported.
IMPORT = "import_networks"


@dataclass(frozen=True)
class Roster:
    """An experiment, expanded into blocks and files.

    Attributes
    ----------
    experiment
        The settings.
    missing
        Blocks that are given up: no job works on them, and no table waits for them.
    """

    experiment: Experiment
    missing: tuple[MissingBlock, ...] = ()

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return self.experiment.name

    def cohorts(self, task: str | None = None) -> list[Cohort]:
        """Cohorts, of one task if it is named; none of which all blocks are missing."""
        return [c for c, blocks in self._left.items() if blocks and task in (None, c.task)]

    def tasks(self) -> list[str]:
        """Tasks that have networks."""
        return list(dict.fromkeys(cohort.task for cohort in self.cohorts()))

    def blocks(self, stage: str, task: str | None = None) -> list[tuple[Cohort, Block]]:
        """Cohort and block of every job of a stage, of one task if it is named."""
        return [
            (cohort, block)
            for cohort in self.cohorts(task)
            if not STAGES[stage].swept or self.experiment.tasks[cohort.task].sweeps()
            for block in self._left[cohort]
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

    @cached_property
    def _left(self) -> dict[Cohort, list[Block]]:
        """Blocks of every cohort that are not missing."""
        missing = {(one.cohort, one.seeds) for one in self.missing}
        return {
            cohort: [block for label, block in blocks.items() if (cohort, label) not in missing]
            for cohort, blocks in self._blocks.items()
        }

    def imports(self, cohort: Cohort) -> bool:
        """Whether the networks of a cohort are imported."""
        return self.experiment.models[cohort.model].imported

    def block_files(self, stage: str, cohort: Cohort, seeds: str) -> list[str]:
        """Files that a stage writes for one block."""
        return [block_path(self.name, name, cohort, seeds) for name in STAGES[stage].files]

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
            swept = bool(self.experiment.tasks[task].sweeps())
            names = [astuple(cohort)[1:] for cohort in self.cohorts(task)]
            counts = [len(set(which)) for which in zip(*names, strict=True)]
            for kind in kinds_for(self.experiment.tasks[task].kind, swept, *counts):
                yield task, kind

    def scenes(self) -> list[tuple[Cohort, str]]:
        """Cohort and part of every job that draws networks: its examples, or every block."""
        networks = self.experiment.scenes.networks
        if networks == 0:
            return []
        return [
            (cohort, part)
            for cohort in self.cohorts()
            for part in (
                [block.label for block in self._left[cohort]] if networks == "all" else [EXAMPLES]
            )
        ]

    def scene_folders(self) -> list[str]:
        """Folders that these jobs write."""
        return [scene_folder(self.name, cohort, part) for cohort, part in self.scenes()]

    def scene_inputs(self, cohort: Cohort, part: str) -> list[str]:
        """Files that a job that draws networks reads."""
        labels = [block.label for block in self._left[cohort] if part in (EXAMPLES, block.label)]
        return [
            population_path(self.name, "networks", cohort.task),
            *(block_path(self.name, t, cohort, label) for t in SCENE_TABLES for label in labels),
        ]

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

    def benchmarks(self) -> list[str]:
        """What Snakemake measured of every block's job."""
        return [
            block_benchmark(self.name, stage, cohort, block.label)
            for stage in STAGES
            for cohort, block in self.blocks(stage)
        ]

    def jobs(self) -> dict[str, list[tuple[str, ...]]]:
        """The jobs of every rule, each named by its wildcards' values."""
        by_stage = {
            stage: [(*astuple(cohort), block.label) for cohort, block in self.blocks(stage)]
            for stage in STAGES
        }
        blocks = by_stage.pop("train")
        imported = [job for job in blocks if self.experiment.models[job[1]].imported]
        trained = [job for job in blocks if not self.experiment.models[job[1]].imported]
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
            "scene": [(*astuple(cohort), part) for cohort, part in self.scenes()],
            "pages": [()],
        }
