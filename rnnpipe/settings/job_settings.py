"""The settings of a job: one model per kind of job, made of sections of the experiment file.

A model holds all that a job's results depend on beside its input files and its code, and
nothing else. `Plan` fills it, Snakemake compares its canonical text, and the job reads that
text back into the same model.
"""

from typing import Annotated, ClassVar

from pydantic import PlainSerializer

from rnnpipe.parameters import Seed, Settings, WholeNumber
from rnnpipe.settings.experiment import Factors
from rnnpipe.settings.members import Gathering, Members, OfCohort
from rnnpipe.settings.sections.analysis import (
    AttractorSettings,
    BehaviourSettings,
    BranchSettings,
    ComparisonSettings,
    ContinuaSettings,
    FigureSettings,
    FixedPointSettings,
    GraphSettings,
    HarvestSettings,
    LoadingsSettings,
    PlaneSettings,
    PushSettings,
    SceneSettings,
    StabilitySettings,
    StatisticsSettings,
)
from rnnpipe.settings.sections.constraints import ResolvedConstraint
from rnnpipe.settings.sections.models import ModelSettings
from rnnpipe.settings.sections.optional import DevelopmentSettings, RanksSettings
from rnnpipe.settings.sections.training import TrainingSettings
from rnnpipe.settings.sources import SourceSettings, StartSettings
from rnnpipe.settings.written_tasks import JudgedTask, PlainTask, ProbedTask, WholeTask
from rnnpipe.streams import Replicates

NetworkModel = Annotated[ModelSettings, PlainSerializer(lambda model: model.definition())]


class OfBlock(Settings):
    """What training and importing share: the networks of one block."""

    cohort: OfCohort
    task: PlainTask
    model: NetworkModel
    constraint: ResolvedConstraint
    seeds: tuple[Seed, ...]

    @property
    def replicates(self) -> Replicates:
        """The networks of the block, by their cohort's names and their seeds."""
        return Replicates(**vars(self.cohort), seeds=self.seeds)


class TrainJob(OfBlock):
    """Train the networks of one block, and keep their weights at some steps."""

    of_own_file: ClassVar[tuple[str, ...]] = ("kept",)

    training: TrainingSettings
    kept: tuple[WholeNumber, ...] = ()


class ImportJob(OfBlock):
    """Import the networks of one block."""

    source: SourceSettings


class OnSharedTrials(Settings):
    """A job whose trials are the same for all networks of a task, and belong to its name."""

    task_name: str
    task: PlainTask


class HarvestJob(OnSharedTrials):
    """Run trained networks on held-out trials."""

    harvest: HarvestSettings


class BehaviourJob(OnSharedTrials):
    """Score trained networks on more than they were trained for."""

    behaviour: BehaviourSettings


class LoadingsJob(OnSharedTrials):
    """Fit populations of units to the loadings of networks of low rank."""

    loadings: LoadingsSettings


class BranchesJob(Settings):
    """Follow fixed points along the probes that are swept."""

    task: ProbedTask
    branches: BranchSettings


class DevelopmentJob(OnSharedTrials):
    """Follow the skeletons of networks over the steps at which their weights were kept."""

    task: ProbedTask
    development: DevelopmentSettings


class FixedPointsJob(Settings):
    """Search for fixed points under the probes that are held."""

    task: ProbedTask
    fixed_points: FixedPointSettings


class AttractorsJob(Settings):
    """See where runs end under the probes that are held."""

    task: ProbedTask
    attractors: AttractorSettings


class ContinuaJob(Settings):
    """Trace continuous attractors."""

    task: ProbedTask
    continua: ContinuaSettings


class StabilityJob(Settings):
    """Linearise networks at their fixed points."""

    task: ProbedTask
    stability: StabilitySettings


class PlaneJob(Settings):
    """Look at networks of low rank in their variables κ."""

    task: ProbedTask
    plane: PlaneSettings


class GraphJob(Settings):
    """Follow transitions between fixed points."""

    task: ProbedTask
    graph: GraphSettings


class RanksJob(Settings):
    """Cut networks to lower ranks.

    Attributes
    ----------
    start
        What training began with; None if the networks are imported.
    """

    task_name: str
    task: WholeTask
    start: StartSettings | None
    ranks: RanksSettings
    fixed_points: FixedPointSettings
    attractors: AttractorSettings


class PopulationJob(Members):
    """Gather the networks of one task into tables."""

    task: JudgedTask
    factors: tuple[Factors, ...]


class DistancesJob(Members):
    """Compare the networks of one task."""

    task: ProbedTask
    similarity: ComparisonSettings


class StatisticsJob(Members):
    """Test what explains the distances between the networks of one task."""

    similarity: StatisticsSettings


class ConvergenceJob(Members):
    """See how alike the networks of one task are while they are trained.

    Attributes
    ----------
    kept
        Steps at which the weights of some cohort were kept.
    """

    task: ProbedTask
    harvest: HarvestSettings
    similarity: ComparisonSettings
    kept: tuple[WholeNumber, ...]


class TaskMembers(Members):
    """A task and the cohorts that are trained on it."""

    task: WholeTask


class FindingsJob(Gathering):
    """Judge every claim about the networks of an experiment, whose name is the page's title."""

    uncounted: ClassVar[tuple[str, ...]] = ()

    tasks: dict[str, TaskMembers]


class RuleJobs(Settings):
    """The tasks and constraints of the cohorts that a rule has jobs of."""

    rule: str
    tasks: tuple[str, ...]
    constraints: tuple[str, ...]


class SecondsJob(Members):
    """Gather what Snakemake measured of every block's job.

    Attributes
    ----------
    rules
        Every rule whose jobs work on a block, with its tasks and constraints.
    networks
        Number of networks of every block, by its label.
    """

    rules: tuple[RuleJobs, ...]
    networks: dict[str, int]


class FigureJob(TaskMembers):
    """Draw one figure of one task."""

    figures: FigureSettings
    kind: str


class SceneJob(TaskMembers):
    """Draw some networks of one cohort in three dimensions.

    Attributes
    ----------
    part
        Which networks: some examples, or those of one block.
    """

    graph: PushSettings
    scenes: SceneSettings
    part: str


class CohortPart(OfCohort):
    """The part of a cohort that one job has drawn."""

    part: str


class PagesJob(Gathering):
    """Put the interactive pages of an experiment together, under its name."""

    uncounted: ClassVar[tuple[str, ...]] = ()

    tasks: dict[str, PlainTask]
    parts: tuple[CohortPart, ...]
