"""A grid of models: every combination of cells, activations, sizes and penalties, by name.

Ranks of the recurrent weights are an axis too, of constraints.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from math import prod
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from rnnpipe.faults import Fault, SettingsError, shown
from rnnpipe.parameters import NonNegative, NonZeroFraction, Positive, Settings, Several, different
from rnnpipe.settings.grid import MOST_COHORTS
from rnnpipe.settings.sections.low_rank import Rank
from rnnpipe.settings.sections.models import (
    Activation,
    CellName,
    GatedSettings,
    LeakySettings,
    VanillaSettings,
)

# Axes that are no settings of models but of constraints.
OF_CONSTRAINTS = ("rank",)
# Axes that only cells with a leak have.
OF_LEAK = ("alpha", "noise")


def as_list(value: Any) -> Any:
    """Wrap a single value in a list; return a list as it is."""
    return list(value) if isinstance(value, list | tuple) else [value]


_AXIS = (Field(min_length=1), AfterValidator(different), BeforeValidator(as_list))


class GridSettings(Settings):
    """Models of which every combination of the axes given is one."""

    cell: Annotated[tuple[CellName, ...], *_AXIS] = Field(description="Cells.")
    activation: Annotated[tuple[Activation, ...], *_AXIS] = Field(
        ("tanh",), description="Nonlinearities."
    )
    units: Annotated[tuple[Several, ...], *_AXIS] = Field((64,), description="Numbers of units.")
    gain: Annotated[tuple[Positive, ...], *_AXIS] = Field(
        (1.0,), description="Spectral scales of the initial recurrent weights."
    )
    alpha: Annotated[tuple[NonZeroFraction, ...], *_AXIS] = Field(
        (0.2,), description="Steps over time constants; of ctrnn and leaky."
    )
    noise: Annotated[tuple[NonNegative, ...], *_AXIS] = Field(
        (0.0,), description="Noises in training; of ctrnn and leaky."
    )
    l2: Annotated[tuple[NonNegative, ...], *_AXIS] = Field(
        (0.0,), description="L2 penalties on the recurrent weights: the training's weight_decay."
    )

    rank: Annotated[tuple[Rank, ...], *_AXIS] = Field(
        ("full",),
        description="Ranks of the recurrent weights: each is a constraint, `rank1` or `full`, that "
        "joins `constraints`.",
    )

    @model_validator(mode="after")
    def _cells_have_the_activations(self) -> "GridSettings":
        faults = []
        for cell in self.cell:
            known = get_args(_settings_of(cell).model_fields["activation"].annotation)
            if unknown := [name for name in self.activation if name not in known]:
                known = ", ".join(known)
                message = f"{shown(unknown[0])} is not an activation of {cell} (one of {known})"
                faults.append(Fault("activation", message))
        leaky = any(_settings_of(cell) is LeakySettings for cell in self.cell)
        faults.extend(
            Fault(axis, "belongs to ctrnn and leaky, and none of them is in the grid")
            for axis in OF_LEAK
            if axis in self.model_fields_set and not leaky
        )
        count = prod(len(getattr(self, axis)) for axis in self._axes())
        if count > MOST_COHORTS:
            faults.append(Fault("", f"makes {count} models; at most {MOST_COHORTS} can be planned"))
        if faults:
            raise SettingsError(faults)
        return self

    def models(self) -> dict[str, dict[str, Any]]:
        """Return every model of the grid by name, as it would stand under `models`.

        A name holds the axes given, in the order of the class:
        ``gru-tanh-64-l2_1e-5``.
        """
        axes = [axis for axis in self._axes() if axis in self.model_fields_set]
        models = {}
        for values in product(*(getattr(self, axis) for axis in axes)):
            given = dict(zip(axes, values, strict=True))
            if _settings_of(given["cell"]) is not LeakySettings:
                given = {axis: value for axis, value in given.items() if axis not in OF_LEAK}
            name = "-".join(_label(axis, value) for axis, value in given.items())
            penalty = given.pop("l2", None)
            training = {} if penalty is None else {"training": {"weight_decay": penalty}}
            models[name] = {**given, **training}
        return models

    def constraints(self) -> dict[str, dict[str, Any]]:
        """Return the constraint of every rank given, by name; none unless ranks are given."""
        ranks = self.rank if "rank" in self.model_fields_set else ()
        return {
            rank if rank == "full" else f"rank{rank}": {} if rank == "full" else {"rank": rank}
            for rank in ranks
        }

    @classmethod
    def _axes(cls) -> list[str]:
        return [axis for axis in cls.model_fields if axis not in OF_CONSTRAINTS]


def with_grid(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return an experiment's mapping with what its `grid` makes among models and constraints.

    A faulty grid adds nothing; its own faults are reported elsewhere.

    Raises
    ------
    SettingsError
        If a model or constraint of the grid has the name of another.
    """
    mapping = dict(mapping)
    try:
        grid = TypeAdapter(GridSettings).validate_python(mapping.get("grid"))
    except ValidationError:
        return mapping
    for section, made in (("models", grid.models()), ("constraints", grid.constraints())):
        own = mapping.get(section, {})
        if not made or not isinstance(own, Mapping):
            continue
        if same := sorted(made.keys() & own.keys()):
            message = f"is also the name of a {section.removesuffix('s')} of the grid"
            raise SettingsError([Fault(f"{section}.{same[0]}", message)])
        mapping[section] = {**own, **made}
    return mapping


def _settings_of(cell: str) -> type[VanillaSettings | LeakySettings | GatedSettings]:
    if cell == "vanilla":
        return VanillaSettings
    return LeakySettings if cell in ("ctrnn", "leaky") else GatedSettings


def _label(axis: str, value: Any) -> str:
    """Write a value as part of a name, without decimal points: 64, tanh, l2_1e-5, gain_15e-1."""
    if isinstance(value, str):
        return value
    _, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    number = "".join(map(str, digits)) + (f"e{exponent}" if exponent < 0 else "0" * int(exponent))
    return number if axis == "units" else f"{axis}_{number}"
