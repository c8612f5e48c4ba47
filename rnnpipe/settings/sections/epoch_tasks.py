"""Tasks whose trials are epochs: fixation, stimulus, delay, response."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rnnpipe.parameters import (
    Count,
    Degrees,
    NonNegative,
    NonZeroFraction,
    Several,
    WholeNumber,
    read_number,
)
from rnnpipe.settings.sections.probes import Probed
from rnnpipe.tasks.channels import antisaccade_channels, decision_channels, match_channels


def _read_delay(value: Any) -> Any:
    """Two whole numbers; anything else is one fault of the whole, and not of its parts."""
    numbers = list(map(read_number, value)) if isinstance(value, list | tuple) else []
    whole = all(isinstance(n, int | float) and n >= 0 and n % 1 == 0 for n in numbers)
    if len(numbers) != 2 or not whole or numbers[0] > numbers[1]:
        raise ValueError("must be [shortest, longest], whole numbers from 0 on")
    return tuple(map(int, numbers))


Delay = Annotated[
    tuple[WholeNumber, ...], Field(min_length=2, max_length=2), BeforeValidator(_read_delay)
]
# The first two steps of a response count for nothing.
Response = Annotated[int, Field(ge=3), BeforeValidator(read_number)]

_DELAY = "Shortest and longest delay in steps; each trial's is drawn between them."
_RESPONSE = "Steps of the response, at least; it lasts until the trial ends."
_CHOICES = "A network has solved the task from this share of right choices on."


class EpochSettings(Probed):
    """A task of epochs, with outputs for the fixation and for two values of the response."""

    fixation: Count = Field(5, description="Steps before the stimulus.")
    delay: Delay = Field((0, 10), description=_DELAY)
    response: Response = Field(10, description=_RESPONSE)

    @property
    def shown(self) -> int:
        """Steps of stimuli."""
        raise NotImplementedError

    @property
    def time(self) -> int:
        """Steps per trial."""
        return self.fixation + self.shown + self.delay[1] + self.response

    @property
    def input_channels(self) -> int:
        """Number of inputs to the network."""
        return len(self.channels)

    @property
    def output_channels(self) -> int:
        """Number of outputs of the network."""
        return 3


class DecisionSettings(EpochSettings):
    """Say after a delay which of two noisy inputs was the stronger (random dots)."""

    kind: Literal["decision"] = Field("decision", description="Report the stronger evidence.")
    coherences: tuple[NonZeroFraction, ...] = Field(
        (0.032, 0.064, 0.128, 0.256, 0.512),
        min_length=1,
        description="Sizes of the coherence to draw from; either choice is as likely.",
    )
    noise: NonNegative = Field(
        0.2, description="Standard deviation of each evidence at each step of the stimulus."
    )
    stimulus: Count = Field(20, description="Steps of the evidence.")
    solved: NonZeroFraction = Field(0.8, description=_CHOICES)

    @property
    def shown(self) -> int:
        """Steps of the evidence."""
        return self.stimulus

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs: the fixation, and evidence for either choice."""
        return decision_channels()

    @property
    def default_probes(self) -> int:
        """In the delay, and under a stimulus that favours neither choice."""
        return 2


class MatchSettings(EpochSettings):
    """Say whether the second item is the one that was shown first (match to sample)."""

    kind: Literal["match"] = Field("match", description="Compare an item with a remembered one.")
    items: Several = Field(2, description="Number of items.")
    encoding: Literal["lines", "ring"] = Field(
        "lines", description="One input an item, or cosine and sine of directions on a ring."
    )
    sample: Count = Field(5, description="Steps of the first item.")
    test: Count = Field(5, description="Steps of the second item.")
    solved: NonZeroFraction = Field(0.95, description=_CHOICES)

    @property
    def shown(self) -> int:
        """Steps of both items."""
        return self.sample + self.test

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs: the fixation, then items, or cosine and sine."""
        return match_channels(self.items, self.encoding)


class AntisaccadeSettings(EpochSettings):
    """Report a remembered direction, or its opposite, as a rule tells (delay pro, delay anti)."""

    kind: Literal["antisaccade"] = Field(
        "antisaccade", description="Report a direction or its opposite."
    )
    directions: Several = Field(8, description="Directions, which divide the circle evenly.")
    stimulus: Count = Field(5, description="Steps for which the direction is shown.")
    delay: Delay = Field((0, 20), description=_DELAY)
    solved: Degrees = Field(
        10.0, description="Solved up to this mean absolute circular error, degrees."
    )

    @property
    def shown(self) -> int:
        """Steps of the stimulus."""
        return self.stimulus

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs: the fixation, the direction, the rules."""
        return antisaccade_channels()

    @property
    def default_probes(self) -> int:
        """In the delay under either rule."""
        return 2
