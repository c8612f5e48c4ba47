"""All sections of the experiment file together, and the networks that they ask for."""

from pydantic import Field

from rnnpipe.parameters import Name, Settings
from rnnpipe.settings.grid import Block, Cohort, cut_blocks
from rnnpipe.settings.sections.analysis import (
    AttractorSettings,
    BehaviourSettings,
    BranchSettings,
    ComputeSettings,
    ContinuaSettings,
    FigureSettings,
    FixedPointSettings,
    GraphSettings,
    HarvestSettings,
    LoadingsSettings,
    PlaneSettings,
    SceneSettings,
    SimilaritySettings,
    StabilitySettings,
)
from rnnpipe.settings.sections.constraints import Constraints, ConstraintSettings
from rnnpipe.settings.sections.exclude import Exclusion, combine
from rnnpipe.settings.sections.model_grid import GridSettings
from rnnpipe.settings.sections.models import Models, OverrideSettings
from rnnpipe.settings.sections.optional import DevelopmentSettings, RanksSettings
from rnnpipe.settings.sections.tasks import Tasks
from rnnpipe.settings.sections.training import TrainingSettings, merge_training
from rnnpipe.settings.seed_ranges import Seeds


class Contents(Settings):
    """What may stand in an experiment file, section by section."""

    name: Name = Field(alias="experiment", description="Name: the folder under results/.")
    seeds: Seeds = Field(description="Seeds of the networks of every cohort; ranges are inclusive.")
    tasks: Tasks = Field(description="What networks are trained to do, by name.")
    grid: GridSettings | None = Field(
        None, description="Axes of models, of which every combination joins `models`."
    )
    models: Models = Field(
        default_factory=dict,
        description="Cells, activations and sizes, by name; may be left out beside a grid.",
    )
    constraints: Constraints = Field(
        default_factory=lambda: {"none": ConstraintSettings()},
        description="What the weights must obey, by name; {} is no constraint.",
    )
    exclude: tuple[Exclusion, ...] = Field(
        (), description="Combinations of task, model and constraint to leave out."
    )
    training: TrainingSettings = Field(
        default_factory=TrainingSettings, description="How networks are trained."
    )
    overrides: tuple[OverrideSettings, ...] = Field(
        (), description="Training of some combinations of task and model; goes before all other."
    )
    harvest: HarvestSettings = Field(
        default_factory=HarvestSettings, description="Trajectories of the trained networks."
    )
    branches: BranchSettings = Field(
        default_factory=BranchSettings, description="Branches of fixed points along sweeps."
    )
    fixed_points: FixedPointSettings = Field(
        default_factory=FixedPointSettings, description="The search for fixed points."
    )
    attractors: AttractorSettings = Field(
        default_factory=AttractorSettings, description="Where runs end: attractors of all kinds."
    )
    continua: ContinuaSettings = Field(
        default_factory=ContinuaSettings, description="Curves and surfaces of slow states."
    )
    stability: StabilitySettings = Field(
        default_factory=StabilitySettings, description="Eigenvalues and modes at fixed points."
    )
    plane: PlaneSettings = Field(
        default_factory=PlaneSettings, description="The plane of κ of networks of low rank."
    )
    graph: GraphSettings = Field(
        default_factory=GraphSettings, description="Transitions between fixed points."
    )
    behaviour: BehaviourSettings = Field(
        default_factory=BehaviourSettings, description="What networks do beyond their training."
    )
    loadings: LoadingsSettings = Field(
        default_factory=LoadingsSettings,
        description="Populations of units of networks of low rank.",
    )
    similarity: SimilaritySettings = Field(
        default_factory=SimilaritySettings, description="Distances between networks."
    )
    figures: FigureSettings = Field(
        default_factory=FigureSettings, description="What figures show."
    )
    scenes: SceneSettings = Field(
        default_factory=SceneSettings, description="Pictures and pages of single networks."
    )
    development: DevelopmentSettings | None = Field(
        None, description="How skeletons arise in training; {} is all defaults, left out: none."
    )
    ranks: RanksSettings | None = Field(
        None, description="How low a network's rank is; {} is all defaults, left out: none."
    )
    compute: ComputeSettings = Field(
        default_factory=ComputeSettings, description="How work is divided and where it runs."
    )

    def cohorts(self) -> tuple[Cohort, ...]:
        """Return the combinations that are trained, in the order of the file."""
        return combine(list(self.tasks), self.models, list(self.constraints), self.exclude)[0]

    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks of seeds that every cohort is cut into, ascending."""
        return cut_blocks(self.seeds, self.compute.seeds_per_job)

    def training_for(self, task: str, model: str) -> TrainingSettings:
        """Return how a model is trained on a task.

        Layers are the experiment's training, the task's, the model's and the matching
        overrides; the last layer that gives a key counts.

        Raises
        ------
        KeyError
            If there is no such task or model.
        """
        settings = self.models[model]
        overrides = (o.training for o in self.overrides if o.matches(task, model, settings))
        own = (self.tasks[task].training, settings.training)
        return merge_training(self.training, *own, *overrides)
