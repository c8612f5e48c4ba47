"""The section `arrays` of a model: where the weights of a rate network lie in a file of arrays."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.parameters import Flag, Settings, different

# What stands in `from` for the names of arrays that have a file each.
PLACE = "{array}"

ArrayName = Annotated[str, Field(min_length=1, max_length=200)]
Matrix = Literal["recurrent", "m", "n", "input", "output"]
Divisible = Literal["recurrent", "output"]
Vector = Literal["input_gain", "bias", "output_gain", "output_bias", "initial_state"]
MATRICES, DIVISIBLE, VECTORS = map(get_args, (Matrix, Divisible, Vector))
# What acts on what: without the second there is nothing for the first to act on.
NEEDS = {"input_gain": "input", "output_gain": "output", "output_bias": "output"}


class ArraySettings(Settings):
    """Names of the arrays that are a rate network's weights, and how they are written there."""

    recurrent: ArrayName | None = Field(
        None, description="Recurrent weights, (units, units), rows postsynaptic; or m and n."
    )
    m: ArrayName | None = Field(
        None, description="With n, instead of recurrent: m nᵀ are the recurrent weights."
    )
    n: ArrayName | None = Field(None, description="See m; both (units, rank).")
    input: ArrayName | None = Field(
        description="Input weights, (units, inputs); null: inputs reach no unit."
    )
    input_gain: ArrayName | None = Field(
        None, description="A factor of each input's weights, (inputs,)."
    )
    bias: ArrayName | None = Field(None, description="Biases, (units,); null: 0.")
    output: ArrayName | None = Field(
        description="Output weights, (outputs, units); null: outputs are 0."
    )
    output_gain: ArrayName | None = Field(
        None, description="A factor of each output's weights, (outputs,)."
    )
    output_bias: ArrayName | None = Field(
        None, description="Biases of the outputs, (outputs,); null: 0."
    )
    initial_state: ArrayName | None = Field(
        None, description="State before the first step, (units,); null: 0."
    )
    transposed: Annotated[tuple[Matrix, ...], AfterValidator(different)] = Field(
        (), description="Matrices that the file has with rows and columns exchanged."
    )
    divided: Annotated[tuple[Divisible, ...], AfterValidator(different)] = Field(
        (), description="Weights that the network divides by its number of units: W = m nᵀ / N."
    )
    stacked: Flag = Field(
        False,
        description="Whether every array has an axis in front, along which the networks lie; the "
        "seed is a network's number, from 0.",
    )

    @model_validator(mode="after")
    def _one_network(self) -> "ArraySettings":
        faults = []
        factors = [key for key in ("m", "n") if getattr(self, key) is not None]
        if self.recurrent is None and len(factors) < 2:
            what = f"there is only {factors[0]}; " if factors else ""
            message = f"{what}name recurrent weights, or both m and n"
            faults.append(Fault("recurrent", message))
        if self.recurrent is not None:
            message = "stands beside recurrent, and m nᵀ are recurrent weights too; leave out one"
            faults.extend(Fault(key, message) for key in factors)
        names = self.names
        faults.extend(
            Fault(key, f"there is no {NEEDS[key]} for it to act on")
            for key in names
            if NEEDS.get(key, key) not in names
        )
        for key in self.transposed:
            if key not in names:
                faults.append(Fault("transposed", f"names {key}, and there is no {key}"))
        if "output" in self.divided and self.output is None:
            faults.append(Fault("divided", "names output, and there is no output"))
        if faults:
            raise SettingsError(faults)
        return self

    @property
    def names(self) -> dict[str, str]:
        """Name in the file of every array there is, by its key."""
        named = {key: getattr(self, key) for key in (*MATRICES, *VECTORS)}
        return {key: name for key, name in named.items() if name is not None}

    def files(self, pattern: str) -> tuple[str, ...]:
        """Return the files of one network, which hold its arrays together or each by itself."""
        return tuple(dict.fromkeys(pattern.replace(PLACE, name) for name in self.names.values()))
