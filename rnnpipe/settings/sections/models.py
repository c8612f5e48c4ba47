"""The sections `models` and `overrides`: cells, sizes, weights made elsewhere, training of some.

A model's networks are trained here or, with `from`, imported.
"""

import operator
from collections.abc import Mapping
from functools import reduce
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic.json_schema import SkipJsonSchema

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.given_files import (
    CLASS_KIND,
    CLASS_PATTERN,
    CONTENT_HASH,
    GivenFileError,
    class_in_file,
    content_hash,
    read_argument,
)
from rnnpipe.parameters import Name, NonNegative, NonZeroFraction, Positive, Several
from rnnpipe.settings.reading.by_key import ByKey
from rnnpipe.settings.sections.arrays import ArraySettings
from rnnpipe.settings.sections.importable import Importable
from rnnpipe.settings.sections.training import Trainable

Activation = Literal["tanh", "relu", "softplus", "sigmoid"]
CellName = Literal["vanilla", "ctrnn", "leaky", "gru", "lstm", "ugrnn"]

# Blocks of weights, and states per unit, of cells with more than one; a test compares them.
GATES: Mapping[CellName, int] = {"ugrnn": 2, "gru": 3, "lstm": 4}
STATES: Mapping[CellName, int] = {"lstm": 2}
# Dale's principle needs activities that keep their sign.
NON_NEGATIVE_ACTIVATIONS: tuple[Activation, ...] = ("relu", "softplus", "sigmoid")
# What an entry of `overrides` may ask of a network.
CRITERIA = ("task", "model", "cell", "activation", "units")


class CellSettings(Importable):
    """What every cell has."""

    activation: Activation = Field("tanh", description="The nonlinearity of every unit.")
    units: Several = Field(64, description="Number of units.")
    gain: Positive = Field(
        1.0, description="Spectral scale g of the initial recurrent weights (sd g / sqrt(units))."
    )

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of the cell's constructor beside activation, alpha and noise."""
        return {}

    @classmethod
    def non_negative_activations(cls) -> tuple[Activation, ...]:
        """Return the activations of this cell that keep their sign."""
        allowed = get_args(cls.model_fields["activation"].annotation)
        return tuple(name for name in NON_NEGATIVE_ACTIVATIONS if name in allowed)


class RateSettings(CellSettings):
    """What cells without gates have: their weights may be arrays of any names."""

    arrays: ArraySettings | None = Field(
        None,
        description="Names of the weights in the files of `from`, where these are no state_dicts "
        "of torch's modules.",
    )


class VanillaSettings(RateSettings):
    """h' = phi(W_in x + W_rec h + b)."""

    alpha: ClassVar[float] = 1.0
    noise: ClassVar[float] = 0.0

    cell: Literal["vanilla"] = Field("vanilla", description="Without leak: alpha is 1.")


class LeakySettings(RateSettings):
    """`leaky`: r' = (1 - alpha) r + alpha phi(W_in x + W_rec r + b).

    `ctrnn`: h' = h + alpha (-h + W_rec phi(h) + W_in x + b).
    """

    cell: Literal["ctrnn", "leaky"] = Field(
        description="Leaky units: of currents (ctrnn) or of rates (leaky)."
    )
    alpha: NonZeroFraction = Field(0.2, description="Step over time constant, dt / tau.")
    dt: Positive | None = Field(None, description="With tau, instead of alpha: the step.")
    tau: Positive | None = Field(
        None, description="With dt, instead of alpha: the time constant, in the same unit."
    )
    noise: NonNegative = Field(
        0.0, description="Noise sigma in training; sqrt(2 / alpha) sigma per step."
    )

    @model_validator(mode="after")
    def _alpha_is_dt_over_tau(self) -> "LeakySettings":
        given = [key for key in ("dt", "tau") if getattr(self, key) is not None]
        if not given:
            return self
        if len(given) == 1:
            raise SettingsError([Fault(given[0], "alpha is dt / tau; give both, or alpha")])
        alpha = self.dt / self.tau
        if alpha > 1:
            message = f"{self.dt:g}: must be at most tau, {self.tau:g}; alpha = dt / tau is <= 1"
            raise SettingsError([Fault("dt", message)])
        if "alpha" in self.model_fields_set and self.alpha != alpha:
            message = f"{self.alpha:g}: dt / tau is {alpha:g}; leave out one"
            raise SettingsError([Fault("alpha", message)])
        # The model is frozen once it is made.
        vars(self)["alpha"] = alpha
        return self


class GatedSettings(CellSettings):
    """`gru`, `lstm` and `ugrnn`; the activation is that of the candidate."""

    arrays: ClassVar[None] = None
    alpha: ClassVar[float] = 1.0
    noise: ClassVar[float] = 0.0

    cell: Literal["gru", "lstm", "ugrnn"] = Field(
        description="Gated units: those of torch.nn.GRU and torch.nn.LSTM, or with one update gate."
    )
    activation: Literal["tanh", "relu"] = Field(
        "tanh",
        description="The nonlinearity of the candidate; of lstm, of the cell state's output too.",
    )


class OwnCellSettings(CellSettings):
    """A cell class in a Python file; other keys are arguments of its constructor."""

    model_config = ConfigDict(extra="allow")

    arrays: ClassVar[None] = None

    cell: str = Field(
        pattern=CLASS_PATTERN, description="A class in a Python file: path/to/file.py:Class."
    )
    alpha: NonZeroFraction = Field(1.0, description="Step over time constant, dt / tau.")
    noise: NonNegative = Field(
        0.0, description="Noise sigma in training; sqrt(2 / alpha) sigma per step."
    )
    planned_content: SkipJsonSchema[str | None] = Field(None, alias=CONTENT_HASH)

    @model_validator(mode="after")
    def _file_is_there_and_as_planned(self) -> "OwnCellSettings":
        if self.imported:
            message = "the networks of a cell of one's own are trained here; leave it out"
            raise SettingsError([Fault("from", message)])
        arguments = {key: read_argument(key, value) for key, value in self.arguments.items()}
        self.model_extra.update(arguments)
        try:
            class_in_file(self.cell)
            digest = content_hash(self.file)
        except GivenFileError as error:
            raise SettingsError([Fault("cell", str(error))]) from None
        if self.planned_content not in (None, digest):
            message = "has changed since this job was planned; run the workflow again"
            raise SettingsError([Fault("cell", f"{self.file}: {message}")])
        return self

    @property
    def file(self) -> str:
        """Path of the file, relative to the working directory."""
        return self.cell.rpartition(":")[0]

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of the constructor beside activation, alpha and noise."""
        return dict(self.model_extra or {})

    def definition(self) -> dict[str, Any]:
        """Return what makes the networks what they are, with a hash of the file's content."""
        return {**super().definition(), CONTENT_HASH: content_hash(self.file)}


_FORMS: Mapping[str, type[CellSettings]] = {
    "vanilla": VanillaSettings,
    **dict.fromkeys(("ctrnn", "leaky"), LeakySettings),
    **dict.fromkeys(("gru", "lstm", "ugrnn"), GatedSettings),
    CLASS_KIND: OwnCellSettings,
}
ModelSettings = Annotated[
    reduce(operator.or_, (Annotated[form, Tag(cell)] for cell, form in _FORMS.items())),
    Discriminator(ByKey("cell", CLASS_PATTERN, CLASS_KIND)),
]
Models = Annotated[dict[Name, ModelSettings], Field(min_length=1)]


class OverrideSettings(Trainable):
    """How networks are trained that match every key given; of several entries the last counts."""

    task: str | None = Field(None, description="Name of a task; null: any.")
    model: str | None = Field(None, description="Name of a model; null: any.")
    cell: CellName | None = Field(None, description="A cell; null: any.")
    activation: Activation | None = Field(None, description="An activation; null: any.")
    units: Several | None = Field(None, description="A number of units; null: any.")

    @model_validator(mode="after")
    def _says_whom_and_what(self) -> "OverrideSettings":
        if all(getattr(self, key) is None for key in CRITERIA):
            raise ValueError(f"give at least one of {', '.join(CRITERIA)}")
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
        return all(getattr(self, key) in (None, known[key]) for key in CRITERIA)
