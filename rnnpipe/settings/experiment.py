"""The experiment file as a whole: validated, and expanded into networks and blocks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from rnnpipe.faults import Fault, SettingsError, shown
from rnnpipe.parameters import Name, Settings
from rnnpipe.settings.agreement import Sections, disagreements
from rnnpipe.settings.block_sizes import seeds_per_job
from rnnpipe.settings.grid import Block, Cohort, Exclusion, combine, cut_blocks
from rnnpipe.settings.reading.pydantic_faults import read_faults
from rnnpipe.settings.reading.schema import json_schema
from rnnpipe.settings.reading.yaml_file import read_yaml
from rnnpipe.settings.sections.analysis import (
    BehaviourSettings,
    BranchSettings,
    ComputeSettings,
    ContinuaSettings,
    FigureSettings,
    FixedPointSettings,
    GraphSettings,
    HarvestSettings,
    SceneSettings,
    SimilaritySettings,
    StabilitySettings,
)
from rnnpipe.settings.sections.constraints import Constraints, ConstraintSettings
from rnnpipe.settings.sections.model_grid import GridSettings, with_grid
from rnnpipe.settings.sections.models import NON_NEGATIVE_ACTIVATIONS, Models, OverrideSettings
from rnnpipe.settings.sections.tasks import Tasks
from rnnpipe.settings.sections.training import TrainingSettings, merge_training
from rnnpipe.settings.seed_ranges import Seeds

NO_MODELS = Fault("models", "is missing: cells, activations and sizes, by name; or give a grid")


class Experiment(Settings):
    """Everything that one experiment file says."""

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
    continua: ContinuaSettings = Field(
        default_factory=ContinuaSettings, description="Lines and rings of slow states."
    )
    stability: StabilitySettings = Field(
        default_factory=StabilitySettings, description="Eigenvalues and modes at fixed points."
    )
    graph: GraphSettings = Field(
        default_factory=GraphSettings, description="Transitions between fixed points."
    )
    behaviour: BehaviourSettings = Field(
        default_factory=BehaviourSettings, description="What networks do beyond their training."
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
    compute: ComputeSettings = Field(
        default_factory=ComputeSettings, description="How work is divided and where it runs."
    )

    @model_validator(mode="after")
    def _sections_agree(self) -> "Experiment":
        sections = Sections(
            self.tasks,
            self.models,
            self.constraints,
            self.exclude,
            self.training,
            self.overrides,
            self.seeds,
            self.compute,
        )
        faults = disagreements(sections) if self.models else [NO_MODELS]
        if faults:
            raise SettingsError(faults)
        return self

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "Experiment":
        """Validate an experiment given as a mapping of the same shape as the file.

        Raises
        ------
        SettingsError
            If anything is wrong with it; names every fault.
        """
        if not isinstance(mapping, Mapping):
            raise SettingsError([Fault("", f"must be a mapping, not {shown(mapping)}")])
        mapping = with_grid(mapping)
        try:
            return cls.model_validate(mapping)
        except ValidationError as error:
            faults = read_faults(error, json_schema(cls))
            if not {"models", "grid"} & mapping.keys():
                faults.append(NO_MODELS)
            raise SettingsError([*faults, *disagreements(_sound_sections(mapping))]) from None

    def cohorts(self) -> tuple[Cohort, ...]:
        """Return the combinations that are trained, in the order of the file."""
        return combine(list(self.tasks), list(self.models), list(self.constraints), self.exclude)[0]

    def seeds_per_job(self, cohort: Cohort) -> int:
        """Return how many seeds one job of a cohort handles: as given, or as suits the cohort.

        Depends on neither the seeds nor other cohorts, nor on what may change once
        networks are trained, so that none of these moves a path.
        """
        training = self.training_for(cohort.task, cohort.model)
        task, model = self.tasks[cohort.task], self.models[cohort.model]
        return seeds_per_job(self.compute, task, model, training)

    def blocks(self, cohort: Cohort) -> tuple[Block, ...]:
        """Return the blocks of seeds that a cohort is cut into, ascending."""
        return cut_blocks(self.seeds, self.seeds_per_job(cohort))

    def training_for(self, task: str, model: str) -> TrainingSettings:
        """Return how a model is trained on a task.

        The defaults, then the task's settings, the model's, and the overrides'; the last
        that gives a key counts.

        Raises
        ------
        KeyError
            If there is no such task or model.
        """
        settings = self.models[model]
        overrides = (o.training for o in self.overrides if o.matches(task, model, settings))
        own = (self.tasks[task].training, settings.training)
        return merge_training(self.training, *own, *overrides)

    def warnings(self) -> tuple[str, ...]:
        """Return what is allowed but may not be what was meant, a sentence each."""
        pairs = dict.fromkeys((cohort.model, cohort.constraint) for cohort in self.cohorts())
        return tuple(
            self._sign_warning(model, constraint)
            for model, constraint in pairs
            if self.constraints[constraint].uses_signs()
            and self.models[model].activation not in NON_NEGATIVE_ACTIVATIONS
        )

    def _sign_warning(self, model: str, constraint: str) -> str:
        settings = self.models[model]
        others = settings.non_negative_activations()
        return (
            f"constraints.{constraint} with models.{model}: activations of "
            f"{settings.activation} go negative, so a unit's effect can have the opposite of its "
            f"sign; {', '.join(others)} {'does' if len(others) == 1 else 'do'} not"
        )


def load_experiment(path: str | Path) -> Experiment:
    """Read and validate an experiment file.

    Raises
    ------
    SettingsError
        If the file cannot be read or anything in it is wrong; names every fault.
    """
    return read_experiment(read_yaml(path)[0], [path])


def read_experiment(mapping: Mapping[str, Any], files: Sequence[str | Path]) -> Experiment:
    """Validate a mapping that was read from files.

    Parameters
    ----------
    mapping
        What the files say together, values from a command line included.
    files
        Read again for keys given twice, which no mapping shows.

    Raises
    ------
    SettingsError
        If a file cannot be read or anything is wrong; names every fault.
    """
    faults = [fault for file in files for fault in read_yaml(file)[1]]
    source = ", ".join(map(str, files))
    try:
        experiment = Experiment.from_mapping(mapping)
    except SettingsError as error:
        raise SettingsError([*faults, *error.faults], source) from None
    if faults:
        raise SettingsError(faults, source)
    return experiment


def _sound_sections(mapping: Mapping[str, Any]) -> Sections:
    """Validate each part that others depend on by itself; a faulty one becomes None."""
    tasks = _sound_entries(Tasks, mapping.get("tasks"))
    models = _sound_entries(Models, mapping.get("models"))
    constraints = _sound_entries(Constraints, mapping.get("constraints", {"none": {}}))
    # Without a whole section there is no saying what is combined with what.
    complete = tasks and models and constraints
    return Sections(
        tasks=tasks,
        models=models,
        constraints=constraints,
        exclude=_sound(tuple[Exclusion, ...], mapping.get("exclude", ())) if complete else None,
        training=_sound(TrainingSettings, mapping.get("training", {})),
        overrides=_sound(tuple[OverrideSettings, ...], mapping.get("overrides", ())),
        seeds=_sound(Seeds, mapping.get("seeds")),
        compute=_sound(ComputeSettings, mapping.get("compute", {})),
    )


def _sound_entries(named: Any, entries: Any) -> dict[str, Any]:
    if not isinstance(entries, Mapping):
        return {}
    validated = {name: _sound(named, {name: entry}) for name, entry in entries.items()}
    return {str(name): entry and entry[name] for name, entry in validated.items()}


def _sound(kind: Any, value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return None
