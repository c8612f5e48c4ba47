"""What every section of the experiment file shares: strict models and number types."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


class Settings(BaseModel):
    """A section of the experiment file: immutable, and without unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, serialize_by_alias=True
    )


def read_number(value: Any) -> Any:
    """Prepare a YAML scalar for a number field.

    YAML 1.1 readers take ``1e-8`` for text and pydantic takes ``true`` for 1:
    the first is read as the number it is, the second is refused. A negative
    zero becomes zero, so that equal settings have equal canonical text.

    Raises
    ------
    PydanticCustomError
        If `value` is true or false.
    """
    if isinstance(value, bool):
        raise PydanticCustomError("number_type", "true and false are not numbers")
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    return value + 0.0 if isinstance(value, float) else value


# The reader stands last in each type, so that it runs before the bounds are applied.
_READ = BeforeValidator(read_number)

Flag = Annotated[bool, Strict()]
# Digits alone would come back from a path as a number.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]*$")]
Count = Annotated[int, Field(ge=1), _READ]
Several = Annotated[int, Field(ge=2), _READ]
WholeNumber = Annotated[int, Field(ge=0), _READ]
Real = Annotated[float, _READ]
Positive = Annotated[float, Field(gt=0), _READ]
NonNegative = Annotated[float, Field(ge=0), _READ]
ClosedFraction = Annotated[float, Field(ge=0, le=1), _READ]
NonZeroFraction = Annotated[float, Field(gt=0, le=1), _READ]
OpenFraction = Annotated[float, Field(gt=0, lt=1), _READ]
Pixels = Annotated[int, Field(ge=600, le=8000), _READ]
# A larger mean circular error is impossible.
Degrees = Annotated[float, Field(gt=0, le=180), _READ]
DecayRate = Annotated[float, Field(ge=0, lt=1), _READ]


def canonical(settings: BaseModel | Mapping[str, Any]) -> str:
    """Write settings as one canonical JSON text.

    Equal settings give equal text, whatever the order of keys and the way in
    which numbers were written in the file: this is the value that a workflow
    compares to decide what must run again.

    Parameters
    ----------
    settings
        A section, or a mapping that may hold sections.

    Returns
    -------
    str
        JSON with sorted keys and no white space; ``json.loads`` of it
        validates as the same section.
    """
    return json.dumps(
        settings,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=lambda section: section.model_dump(mode="json"),
    )
