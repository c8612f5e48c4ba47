"""The sections `models` and `overrides`: cells, sizes, weights made elsewhere, training of some.

A model's networks are trained here or, with `from`, imported.
"""

import string
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field, field_validator, model_validator

from rnnpipe.faults import Fault, SettingsError, shown, suggestion
from rnnpipe.parameters import Name, NonNegative, NonZeroFraction, Positive, Several
from rnnpipe.settings.grid import Block, Cohort
from rnnpipe.settings.sections.arrays import PLACE, ArraySettings
from rnnpipe.settings.sections.training import Trainable

Activation = Literal["tanh", "relu", "softplus", "sigmoid"]
CellName = Literal["vanilla", "ctrnn", "leaky", "gru", "lstm", "ugrnn"]

# Blocks of weights, and states per unit, of cells with more than one; a test compares them.
GATES: Mapping[CellName, int] = {"ugrnn": 2, "gru": 3, "lstm": 4}
STATES: Mapping[CellName, int] = {"lstm": 2}
# Dale's principle needs activities that keep their sign.
NON_NEGATIVE_ACTIVATIONS: tuple[Activation, ...] = ("relu", "softplus", "sigmoid")
# What may stand in braces in the name of a file of weights.
PLACEHOLDERS = ("seed", "seeds", "task", "model", "constraint", "array")
# Keys on where in the files of `from` weights lie.
PLACES = ("recurrent", "readout", "arrays")
# Keys on how networks are made and trained, which mean nothing for imported ones.
OF_TRAINING = ("training", "gain", "noise")
# What an entry of `overrides` may ask of a network.
CRITERIA = ("task", "model", "cell", "activation", "units")


class Importable(Trainable):
    """A model whose networks are trained here or, with `from`, imported."""

    weights_from: str | None = Field(
        None,
        alias="from",
        min_length=1,
        description="Files of trained weights, one a seed, with {seed} in the name; null: trained.",
    )
    recurrent: str | None = Field(
        None,
        description="What the recurrent weights' names in a state_dict begin with; null: found.",
    )
    readout: str | None = Field(
        None, description="What the readout's names in a state_dict begin with; null: found."
    )
    arrays: ClassVar[ArraySettings | None]

    @field_validator("weights_from")
    @classmethod
    def _known_placeholders(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            _check_pattern(pattern)
        return pattern

    @model_validator(mode="after")
    def _either_trained_or_imported(self) -> "Importable":
        places = [key for key in PLACES if getattr(self, key) is not None]
        if not self.imported:
            message = "says where in the files of `from` weights lie, and there is no `from`"
            faults = [Fault(key, message) for key in places]
        else:
            faults = [Fault(*fault) for fault in self._places_faults(places)]
            message = "says nothing of imported networks; leave it out"
            given = self.model_fields_set & type(self).model_fields.keys()
            faults += [Fault(key, message) for key in OF_TRAINING if key in given]
        if faults:
            raise SettingsError(faults)
        return self

    def _places_faults(self, places: list[str]) -> Iterator[tuple[str, str]]:
        """Find keys and names that say in two ways, or in none, where weights lie."""
        if self.arrays is None:
            if PLACE in self.weights_from:
                message = f"{PLACE} stands for a name of `arrays`, and there are none"
                yield "from", f"{shown(self.weights_from)}: {message}"
            return
        for key in places:
            if key != "arrays":
                yield key, "is for a state_dict; `arrays` names every array by itself"

    @property
    def imported(self) -> bool:
        """Whether the networks are imported, not trained."""
        return self.weights_from is not None

    def network_file(self, cohort: Cohort, block: Block, seed: int) -> str:
        """Return the file of one network's weights, relative to the working directory.

        Where every array has a file of its own, `{array}` is left for their names.
        """
        return _filled(self.weights_from, cohort, block.label, seed)

    def network_files(self, cohort: Cohort, blocks: Iterable[Block]) -> tuple[str, ...]:
        """Return the files of the networks of some blocks, each file once."""
        files = (self.network_file(cohort, block, seed) for block in blocks for seed in block.seeds)
        if self.arrays is not None:
            files = (own for file in files for own in self.arrays.files(file))
        return tuple(dict.fromkeys(files))

    def definition(self) -> dict[str, Any]:
        """Return what makes the networks what they are, without the places of their files."""
        places = {"weights_from", *PLACES}
        # What makes up alpha is in alpha.
        return self.model_dump(mode="json", exclude={"training", "dt", "tau", *places})


class CellSettings(Importable):
    """What every cell has."""

    activation: Activation = Field("tanh", description="The nonlinearity of every unit.")
    units: Several = Field(64, description="Number of units.")
    gain: Positive = Field(
        1.0, description="Spectral scale g of the initial recurrent weights (sd g / sqrt(units))."
    )

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


ModelSettings = Annotated[
    VanillaSettings | LeakySettings | GatedSettings, Field(discriminator="cell")
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


def missing_file_fault(files: Iterable[str]) -> str:
    """Describe the files that are missing; empty if none is."""
    files = tuple(files)
    missing = [file for file in files if not Path(file).is_file()]
    if not missing:
        return ""
    rest = f" (of {len(files)} files {len(missing)} are missing)" if len(missing) > 1 else ""
    what = "there is no such file in the working directory"
    if Path(missing[0]).exists():
        what = "is a folder, a pipe or a device, not a file"
    return f"{shown(missing[0])}: {what}{rest}"


def _check_pattern(pattern: str) -> None:
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]
        for name in names:
            if name not in PLACEHOLDERS:
                raise ValueError(
                    f"{{{name}}} is not one of {known}{suggestion(name, PLACEHOLDERS)}"
                )
        _filled(pattern, Cohort("t", "m", "c"), "0-0", 0)
    except (ValueError, LookupError) as error:
        text = str(error)
        if "is not one of" not in text:
            text = f"is not a pattern ({text}); placeholders are {known}"
        raise SettingsError([Fault("", f'"{pattern}": {text}')]) from None


def _filled(pattern: str, cohort: Cohort, block: str, seed: int) -> str:
    return pattern.format(seed=seed, seeds=block, array=PLACE, **vars(cohort))
