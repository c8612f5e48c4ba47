"""What every section of the experiment file shares: strict models and number types."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

# No digit can match in two ways: a long text that is no number is found out at once.
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")

# Nothing is counted that a machine could not go through: steps, trials, units, starts.
MOST = 10**9
# Sums of squares of larger numbers overflow in float32, in which networks are trained.
LARGEST = 1e15
# Seeds are stored in columns of 64 bits.
LARGEST_SEED = 2**63 - 1
# Part of a path: 255 bytes, of which names of folders and files take some.
LONGEST_NAME = 200
# What a reader of partitioned tables takes for a missing value.
RESERVED_NAME = "__HIVE_DEFAULT_PARTITION__"


class Settings(BaseModel):
    """A section of the experiment file: immutable, and without unknown keys.

    Attributes
    ----------
    uncounted
        Keys of a job's settings that say where its files lie and change nothing in them.
    of_own_file
        Keys that change one of a job's files, which says them, and no other of its files. Jobs
        that read this file have them among their own settings.
    """

    uncounted: ClassVar[tuple[str, ...]] = ()
    of_own_file: ClassVar[tuple[str, ...]] = ()

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, serialize_by_alias=True, defer_build=True
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


def not_reserved(name: str) -> str:
    """Return a name as it is.

    Raises
    ------
    ValueError
        If it stands for a missing value in the path of a table.
    """
    if name == RESERVED_NAME:
        raise ValueError("is reserved: in the path of a table it stands for a missing value")
    return name


def different(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values as they are.

    Raises
    ------
    ValueError
        If one stands twice.
    """
    for i, value in enumerate(values):
        if value in values[:i]:
            raise ValueError(f"names {value} more than once")
    return values


def countable(number: int) -> int:
    """Return a number as it is.

    Raises
    ------
    ValueError
        If nothing can be counted up to it.
    """
    if number > MOST:
        raise ValueError(f"must be at most {MOST}")
    return number


def trainable(number: float) -> float:
    """Return a number as it is.

    Raises
    ------
    ValueError
        If sums of its square overflow in float32.
    """
    if abs(number) > LARGEST:
        raise ValueError(f"must be within ±{LARGEST:g}: float32 holds no squares of larger numbers")
    return number


# The reader stands last in each type, so that it runs before the bounds are applied.
_READ = BeforeValidator(read_number)

Flag = Annotated[bool, Strict()]
# Digits alone would come back from a path as a number, and a program would take a name that
# begins with - for an option.
Name = Annotated[
    str,
    Field(
        pattern=r"^([A-Za-z]|[0-9_][0-9_-]*[A-Za-z])[A-Za-z0-9_-]*$",
        max_length=LONGEST_NAME,
    ),
    AfterValidator(not_reserved),
]
Count = Annotated[int, Field(ge=1), AfterValidator(countable), _READ]
Several = Annotated[int, Field(ge=2), AfterValidator(countable), _READ]
# Channels, threads, periods: each takes a search or a process of its own.
Few = Annotated[int, Field(ge=1, le=1000), _READ]
WholeNumber = Annotated[int, Field(ge=0), AfterValidator(countable), _READ]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED), _READ]
Real = Annotated[float, AfterValidator(trainable), _READ]
Positive = Annotated[float, Field(gt=0), AfterValidator(trainable), _READ]
NonNegative = Annotated[float, Field(ge=0), AfterValidator(trainable), _READ]
ClosedFraction = Annotated[float, Field(ge=0, le=1), _READ]
NonZeroFraction = Annotated[float, Field(gt=0, le=1), _READ]
OpenFraction = Annotated[float, Field(gt=0, lt=1), _READ]
Pixels = Annotated[int, Field(ge=600, le=8000), _READ]
DotsPerInch = Annotated[int, Field(ge=20, le=1200), _READ]
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
