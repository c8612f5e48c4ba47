"""The networks themselves: cell, activation and size."""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from rnnpipe.parameters import Name, NonNegative, NonZeroFraction, Positive, Several
from rnnpipe.settings.sections.imports import Importable

Activation = Literal["tanh", "relu", "softplus", "sigmoid"]

# Dale's principle needs activities that keep their sign.
NON_NEGATIVE_ACTIVATIONS: tuple[Activation, ...] = ("relu", "softplus", "sigmoid")


class CellSettings(Importable):
    """What every cell has."""

    activation: Activation = Field("tanh", description="The nonlinearity of every unit.")
    units: Several = Field(64, description="Number of units.")
    gain: Positive = Field(
        1.0, description="Spectral scale g of the initial recurrent weights (sd g / sqrt(units))."
    )

    @classmethod
    def non_negative_activations(cls) -> tuple[Activation, ...]:
        """Return the activations that this cell may have and that keep their sign."""
        allowed = get_args(cls.model_fields["activation"].annotation)
        return tuple(name for name in NON_NEGATIVE_ACTIVATIONS if name in allowed)


class VanillaSettings(CellSettings):
    """h' = phi(W_in x + W_rec h + b)."""

    alpha: ClassVar[float] = 1.0
    noise: ClassVar[float] = 0.0

    cell: Literal["vanilla"] = Field("vanilla", description="Without leak: alpha is 1.")


class LeakySettings(CellSettings):
    """`leaky`: r' = (1 - alpha) r + alpha phi(W_in x + W_rec r + b).

    `ctrnn`: h' = h + alpha (-h + W_rec phi(h) + W_in x + b).
    """

    cell: Literal["ctrnn", "leaky"] = Field(
        description="Leaky units: of currents (ctrnn) or of rates (leaky)."
    )
    alpha: NonZeroFraction = Field(0.2, description="Step over time constant, dt / tau.")
    noise: NonNegative = Field(
        0.0, description="Noise sigma in training; sqrt(2 / alpha) sigma per step."
    )


class GatedSettings(CellSettings):
    """`gru`, `lstm` and `ugrnn`; the activation is that of the candidate."""

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
