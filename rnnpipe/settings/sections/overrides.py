"""Training settings of some combinations of task and model."""

from typing import Any

from pydantic import Field, model_validator

from rnnpipe.parameters import Several
from rnnpipe.settings.sections.model_grid import CellName
from rnnpipe.settings.sections.models import Activation, CellSettings
from rnnpipe.settings.sections.training import Trainable

KEYS = ("task", "model", "cell", "activation", "units")


class OverrideSettings(Trainable):
    """How networks are trained that match every key given; of several entries the last counts."""

    task: str | None = Field(None, description="Name of a task; null: any.")
    model: str | None = Field(None, description="Name of a model; null: any.")
    cell: CellName | None = Field(None, description="A cell; null: any.")
    activation: Activation | None = Field(None, description="An activation; null: any.")
    units: Several | None = Field(None, description="A number of units; null: any.")

    @model_validator(mode="after")
    def _says_whom_and_what(self) -> "OverrideSettings":
        if all(getattr(self, key) is None for key in KEYS):
            raise ValueError(f"give at least one of {', '.join(KEYS)}")
        if not self.training.model_fields_set:
            raise ValueError("give the training that is to hold there")
        return self

    def matches(self, task: str, model: str, settings: CellSettings) -> bool:
        """Return whether the networks of a task and model are trained this way."""
        known: dict[str, Any] = {
            "task": task,
            "model": model,
            "cell": settings.cell,
            "activation": settings.activation,
            "units": settings.units,
        }
        return all(getattr(self, key) in (None, known[key]) for key in KEYS)
