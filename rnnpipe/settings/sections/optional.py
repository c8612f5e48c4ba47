"""The sections that are off unless they are given: what is done only where it is asked for."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from rnnpipe.faults import shown, suggestion
from rnnpipe.parameters import Count, Settings, WholeNumber, different, read_number

# Each takes an analysis of its own.
MOST_STEPS = 1000


def _logarithmic_or_list(value: Any) -> Any:
    """Check the steps, with one fault instead of one per alternative."""
    if value == "logarithmic":
        return value
    if not isinstance(value, list | tuple) or not value:
        near = suggestion(value, ("logarithmic",)) if isinstance(value, str) else ""
        raise ValueError(f"give logarithmic or a list of steps{near}")
    if len(value) > MOST_STEPS:
        raise ValueError(f"are {len(value)} steps; at most {MOST_STEPS} are kept")
    steps = [read_number(step) for step in value]
    odd = [step for step in steps if not isinstance(step, int | float) or step < 0 or step % 1]
    if odd:
        raise ValueError(f"{shown(odd[0])} is no step: a whole number from 0 on")
    if falls := next((pair for pair in pairwise(steps) if pair[0] >= pair[1]), None):
        raise ValueError(f"{falls[1]:g} follows {falls[0]:g}; steps must ascend")
    return steps


class DevelopmentSettings(Settings):
    """Weights that are kept in training, and the skeleton of each."""

    steps: Annotated[
        Literal["logarithmic"] | tuple[WholeNumber, ...], BeforeValidator(_logarithmic_or_list)
    ] = Field(
        "logarithmic",
        description="Steps of training after which weights are kept: a list, ascending, or "
        "logarithmic, evenly spaced in the logarithm. The start, 0, and each network's last step "
        "are always among them.",
    )
    count: Annotated[int, Field(ge=2, le=MOST_STEPS), BeforeValidator(read_number)] = Field(
        20, description="Number of steps that are spaced logarithmically, start and end included."
    )
    first: Count = Field(
        1, description="First step after the start of those that are spaced logarithmically."
    )
    probes: Count | None = Field(
        None, description="Number of probes, evenly spread over the task's; null: all."
    )
    trials: Count = Field(
        32, description="Trials that every network runs at every kept step: where searches start."
    )
    mixtures: Count = Field(64, description="As for fixed_points, of the search at every step.")
    box: Count = Field(128, description="As for fixed_points, of the search at every step.")
    modes: Count = Field(4, description="As for fixed_points, of the search at every step.")
    rounds: Count = Field(8, description="Largest number of rounds of these searches.")
    runs: Count = Field(
        16, description="Runs from visited states at every step, and as many from the box."
    )
    updates: Count = Field(
        2000, description="Most updates of a run; four times as many where runs settle on a curve."
    )
    exponent_steps: Count = Field(1000, description="As for attractors, of the runs at every step.")

    def search_options(self) -> dict[str, int]:
        """Return the options of the search at every step."""
        return {name: getattr(self, name) for name in ("mixtures", "box", "modes", "rounds")}

    def run_options(self) -> dict[str, int]:
        """Return the options of the runs at every step."""
        return {
            "visited": self.runs,
            "box": self.runs,
            "steps": self.updates,
            "exponent_steps": self.exponent_steps,
        }

    def kept_steps(self, steps: int) -> tuple[int, ...]:
        """Return the steps, ascending, at which a training of `steps` steps keeps its weights.

        Raises
        ------
        ValueError
            If they are not steps of this training, or it has too few; says why.
        """
        if self.steps != "logarithmic":
            if self.steps[-1] > steps:
                raise ValueError(f"step {self.steps[-1]} is beyond the {steps} steps")
            return tuple(sorted({0, *self.steps, steps}))
        if self.first > steps:
            raise ValueError(f"{self.first} is beyond the {steps} steps")
        if (there := steps - self.first + 2) < self.count:
            raise ValueError(
                f"{self.count} is more than the {there} steps 0 and {self.first} to {steps}"
            )
        return (0, *_spaced(self.first, steps, self.count - 1))


def _spaced(first: int, last: int, count: int) -> list[int]:
    """Return whole numbers, each about as many times the one before, that all differ."""
    if count == 1:
        return [last]
    chosen = [first]
    for left in range(count - 1, 0, -1):
        even = chosen[-1] * (last / chosen[-1]) ** (1 / left)
        chosen.append(max(chosen[-1] + 1, round(even)))
    return chosen


class RanksSettings(Settings):
    """Networks whose recurrence is cut to lower ranks."""

    ranks: Annotated[tuple[WholeNumber, ...], AfterValidator(different)] = Field(
        (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256),
        description="Ranks at which networks are scored; the full one is always, and those "
        "between the last that fails and the first that solves the task.",
    )
    skeletons: Annotated[tuple[WholeNumber, ...], AfterValidator(different)] = Field(
        (1, 2, 3),
        description="Ranks at which points and attractors are counted, besides the least one that "
        "solves the task; []: nowhere.",
    )

    def searched(self, full: int, least: int | None) -> list[int]:
        """Return the ranks at which the skeleton of a network is searched, ascending.

        Parameters
        ----------
        full, least
            The network's full rank, and the least one that solves the task, if any does.
        """
        if not self.skeletons:
            return []
        return sorted(
            {rank for rank in (*self.skeletons, least) if rank is not None and rank <= full}
        )
