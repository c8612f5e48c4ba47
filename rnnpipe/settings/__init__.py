"""The experiment file: read, validated, and expanded into cohorts and blocks.

Imports nothing heavy: the workflow reads the settings again for every job.
"""

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.parameters import canonical
from rnnpipe.settings.experiment import Experiment, factors, load_experiment, read_experiment
from rnnpipe.settings.grid import Block, Cohort
from rnnpipe.settings.sections.analysis import (
    BehaviourSettings,
    BranchSettings,
    ComputeSettings,
    ContinuaSettings,
    FigureSettings,
    FixedPointSettings,
    GraphSettings,
    HarvestSettings,
    SimilaritySettings,
    StabilitySettings,
)
from rnnpipe.settings.sections.constraints import (
    ConstraintSettings,
    ProjectionSettings,
    RegionSettings,
    excitatory_units,
)
from rnnpipe.settings.sections.models import (
    GatedSettings,
    LeakySettings,
    ModelSettings,
    VanillaSettings,
)
from rnnpipe.settings.sections.tasks import TaskSettings
from rnnpipe.settings.sections.training import TrainingSettings

__all__ = [
    "BehaviourSettings",
    "Block",
    "BranchSettings",
    "Cohort",
    "ComputeSettings",
    "ConstraintSettings",
    "ContinuaSettings",
    "Experiment",
    "Fault",
    "FigureSettings",
    "FixedPointSettings",
    "GatedSettings",
    "GraphSettings",
    "HarvestSettings",
    "LeakySettings",
    "ModelSettings",
    "ProjectionSettings",
    "RegionSettings",
    "SettingsError",
    "SimilaritySettings",
    "StabilitySettings",
    "TaskSettings",
    "TrainingSettings",
    "VanillaSettings",
    "canonical",
    "excitatory_units",
    "factors",
    "load_experiment",
    "read_experiment",
]
