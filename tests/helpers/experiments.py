"""Experiments as mappings, and what is wrong with them."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from rnnpipe.settings import Experiment, SettingsError
from rnnpipe.settings.sections.tasks import TaskSettings
from rnnpipe.tasks import Task

CONFIG = Path(__file__).parents[2] / "config" / "config.yaml"


def mapping(**changes) -> dict:
    base = {
        "experiment": "x",
        "seeds": "0-3",
        "tasks": {"flipflop": {}},
        "models": {"m": {"cell": "vanilla", "units": 10}},
        "constraints": {"none": {}},
        "compute": {"seeds_per_job": 8},
    }
    return {**base, **changes}


def read_task(settings: dict[str, Any]) -> Task:
    """The task of a job's settings, or of an entry of the experiment file."""
    return TypeAdapter(TaskSettings).validate_python(settings)


def experiment(**changes) -> Experiment:
    return Experiment.from_mapping(mapping(**changes))


def faults(**changes) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        experiment(**changes)
    return {fault.key: fault.message for fault in caught.value.faults}
