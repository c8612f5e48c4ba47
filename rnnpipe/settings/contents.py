"""All sections of the experiment file together, and the networks that they ask for."""

from typing import Any

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


def _section(model: type[Settings], description: str) -> Any:
    """A section that may be left out: it then has the defaults of its model."""
    return Field(default_factory=model, description=description)


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
    training: TrainingSettings = _section(TrainingSettings, "How networks are trained.")
    overrides: tuple[OverrideSettings, ...] = Field(
        (), description="Training of some combinations of task and model; goes before all other."
    )
    harvest: HarvestSettings = _section(HarvestSettings, "Trajectories of the trained networks.")
    branches: BranchSettings = _section(BranchSettings, "Branches of fixed points along sweeps.")
    fixed_points: FixedPointSettings = _section(FixedPointSettings, "The search for fixed points.")
    attractors: AttractorSettings = _section(
        AttractorSettings, "Where runs end: attractors of all kinds."
    )
    continua: ContinuaSettings = _section(ContinuaSettings, "Curves and surfaces of slow states.")
    stability: StabilitySettings = _section(
        StabilitySettings, "Eigenvalues and modes at fixed points."
    )
    plane: PlaneSettings = _section(PlaneSettings, "The plane of κ of networks of low rank.")
    graph: GraphSettings = _section(GraphSettings, "Transitions between fixed points.")
    behaviour: BehaviourSettings = _section(
        BehaviourSettings, "What networks do beyond their training."
    )
    loadings: LoadingsSettings = _section(
        LoadingsSettings, "Populations of units of networks of low rank."
    )
    similarity: SimilaritySettings = _section(SimilaritySettings, "Distances between networks.")
    figures: FigureSettings = _section(FigureSettings, "What figures show.")
    scenes: SceneSettings = _section(SceneSettings, "Pictures and pages of single networks.")
    development: DevelopmentSettings | None = Field(
        None, description="How skeletons arise in training; {} is all defaults, left out: none."
    )
    ranks: RanksSettings | None = Field(
        None, description="How low a network's rank is; {} is all defaults, left out: none."
    )
    compute: ComputeSettings = _section(ComputeSettings, "How work is divided and where it runs.")

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
