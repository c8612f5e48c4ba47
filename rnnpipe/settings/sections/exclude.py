"""The section `exclude`: combinations of task, model and constraint that are left out."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from pydantic import Field, model_validator

from rnnpipe.faults import Fault, suggestion
from rnnpipe.parameters import Settings, Several
from rnnpipe.settings.grid import Cohort
from rnnpipe.settings.sections.models import Activation, CellName, ModelSettings


class Exclusion(Settings):
    """Combinations to leave out: those that match every key given."""

    task: str | None = Field(None, description="Name of a task; null: any.")
    model: str | None = Field(None, description="Name of a model; null: any.")
    constraint: str | None = Field(None, description="Name of a constraint; null: any.")
    cell: CellName | None = Field(None, description="A cell; null: any.")
    activation: Activation | None = Field(None, description="An activation; null: any.")
    units: Several | None = Field(None, description="A number of units; null: any.")

    @model_validator(mode="after")
    def _not_empty(self) -> "Exclusion":
        keys = list(type(self).model_fields)
        if all(getattr(self, key) is None for key in keys):
            raise ValueError(f"give at least one of {', '.join(keys)}")
        return self

    def matches(self, cohort: Cohort, model: ModelSettings) -> bool:
        """Return whether a cohort, whose model has these settings, is left out."""
        known: dict[str, Any] = {
            **vars(cohort),
            "cell": model.cell,
            "activation": model.activation,
            "units": model.units,
        }
        return all(getattr(self, key) in (None, value) for key, value in known.items())


def combine(
    tasks: Sequence[str],
    models: Mapping[str, ModelSettings],
    constraints: Sequence[str],
    exclude: Sequence[Exclusion],
) -> tuple[tuple[Cohort, ...], list[Fault]]:
    """Combine names into cohorts, and find exclusions that make no sense.

    Returns
    -------
    cohorts
        Every combination that no exclusion matches, in the order of the file.
    faults
        One per exclusion that names something unknown or leaves nothing out, and
        one if no cohort is left.
    """
    kept = [Cohort(*names) for names in product(tasks, models, constraints)]
    known = {"task": tasks, "model": list(models), "constraint": constraints}
    faults = []
    for i, exclusion in enumerate(exclude):
        unknown = [
            Fault(f"exclude[{i}].{key}", _unknown(name, key, names))
            for key, names in known.items()
            if (name := getattr(exclusion, key)) is not None and name not in names
        ]
        rest = [cohort for cohort in kept if not exclusion.matches(cohort, models[cohort.model])]
        if not unknown and len(rest) == len(kept):
            faults.append(Fault(f"exclude[{i}]", "leaves nothing out that is not out already"))
        faults.extend(unknown)
        kept = rest
    if not kept:
        faults.append(Fault("exclude", "leaves no combination of task, model and constraint"))
    return tuple(kept), faults


def _unknown(name: str, key: str, names: Sequence[str]) -> str:
    return f'"{name}" is not a {key} (one of {", ".join(names)}){suggestion(name, names)}'
