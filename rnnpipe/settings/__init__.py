"""The experiment file: read, validated, and expanded into cohorts and blocks.

Imports nothing heavy: the workflow reads the settings again for every job.
"""

from rnnpipe.settings.analysis import (
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
from rnnpipe.settings.base import canonical
from rnnpipe.settings.constraints import (
    ConstraintSettings,
    ProjectionSettings,
    RegionSettings,
    excitatory_units,
)
from rnnpipe.settings.experiment import Experiment, load_experiment, read_experiment
from rnnpipe.settings.factors import factors
from rnnpipe.settings.faults import Fault, SettingsError
from rnnpipe.settings.grid import Block, Cohort
from rnnpipe.settings.models import GatedSettings, LeakySettings, ModelSettings, VanillaSettings
from rnnpipe.settings.own_tasks import ClassSettings, RecordedSettings
from rnnpipe.settings.tasks import (
    ContextSettings,
    FlipflopSettings,
    IntegratorSettings,
    SineWaveSettings,
    TaskSettings,
)
from rnnpipe.settings.training import TrainingSettings

__all__ = [
    "BehaviourSettings",
    "Block",
    "BranchSettings",
    "ClassSettings",
    "Cohort",
    "ComputeSettings",
    "ConstraintSettings",
    "ContextSettings",
    "ContinuaSettings",
    "Experiment",
    "Fault",
    "FigureSettings",
    "FixedPointSettings",
    "FlipflopSettings",
    "GatedSettings",
    "GraphSettings",
    "HarvestSettings",
    "IntegratorSettings",
    "LeakySettings",
    "ModelSettings",
    "ProjectionSettings",
    "RecordedSettings",
    "RegionSettings",
    "SettingsError",
    "SimilaritySettings",
    "SineWaveSettings",
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
