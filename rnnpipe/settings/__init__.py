"""The experiment file: read, validated, and expanded into cohorts and blocks.

Imports nothing heavier than NumPy: the workflow reads the settings again for every job.
"""

from rnnpipe.faults import SettingsError
from rnnpipe.settings.experiment import Experiment, load_experiment, read_experiment
from rnnpipe.settings.grid import Block, Cohort
from rnnpipe.settings.sections.constraints import ConstraintSettings
from rnnpipe.settings.sections.models import ModelSettings
from rnnpipe.settings.sections.training import TrainingSettings

__all__ = [
    "Block",
    "Cohort",
    "ConstraintSettings",
    "Experiment",
    "ModelSettings",
    "SettingsError",
    "TrainingSettings",
    "load_experiment",
    "read_experiment",
]
