"""The sections that are off unless they are given: what is done only where it is asked for."""

from typing import Annotated, Literal

from pydantic import Field

from rnnpipe.parameters import Count, Settings, WholeNumber


class DevelopmentSettings(Settings):
    """Weights that are kept in training, and the skeleton of each."""

    steps: Literal["logarithmic"] | tuple[WholeNumber, ...] = Field(
        "logarithmic",
        description="Steps of training after which weights are kept, 0 for the start: a list, or "
        "logarithmic, evenly spaced in the logarithm, with the start and the last step.",
    )
    count: Annotated[Count, Field(le=1000)] = Field(
        20, description="Number of steps that are spaced logarithmically."
    )


class RanksSettings(Settings):
    """Networks whose recurrence is cut to lower ranks."""
