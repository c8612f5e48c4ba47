"""How the learning rate changes over training."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from rnnpipe.parameters import ClosedFraction, NonZeroFraction, OpenFraction, Positive, Settings


class ConstantSchedule(Settings):
    """The learning rate stays at its peak."""

    kind: Literal["constant"] = Field("constant", description="Stays at the peak.")


class OneCycleSchedule(Settings):
    """Cosine rise to the peak, then cosine fall (Smith & Topin 2019, super-convergence)."""

    kind: Literal["one_cycle"] = Field("one_cycle", description="Rises to the peak, then falls.")
    warmup: OpenFraction = Field(0.3, description="Share of the steps spent rising.")
    start: NonZeroFraction = Field(0.04, description="Learning rate at the first step / peak.")
    final: ClosedFraction = Field(1e-4, description="Learning rate at the last step / peak.")


class MultiStepSchedule(Settings):
    """The learning rate is multiplied by a factor at each milestone."""

    kind: Literal["multi_step"] = Field(
        "multi_step", description="Multiplied by `factor` at every milestone."
    )
    milestones: tuple[Positive, ...] = Field(
        min_length=1,
        description="Where it drops, ascending: below 1 a share of the steps, from 1 on a step.",
    )
    factor: OpenFraction = Field(0.1, description="Learning rate after / before a milestone.")

    @field_validator("milestones")
    @classmethod
    def _whole_from_one_on(cls, milestones: tuple[float, ...]) -> tuple[float, ...]:
        odd = [m for m in milestones if m >= 1 and m != int(m)]
        if odd:
            raise ValueError(f"{odd[0]} is neither a share of the steps (< 1) nor a whole step")
        return milestones

    def milestone_steps(self, steps: int) -> tuple[int, ...]:
        """Return the milestones as steps of a training of `steps` steps."""
        return tuple(int(m) if m >= 1 else round(m * steps) for m in self.milestones)


class CosineSchedule(Settings):
    """Half a cosine from the peak down (Loshchilov & Hutter 2017, SGDR, one period)."""

    kind: Literal["cosine"] = Field("cosine", description="Falls along half a cosine.")
    final: ClosedFraction = Field(0.0, description="Learning rate at the last step / peak.")


SCHEDULES: Sequence[str] = ("one_cycle", "constant", "multi_step", "cosine")


def _read_bare_kind(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


Schedule = Annotated[
    OneCycleSchedule | ConstantSchedule | MultiStepSchedule | CosineSchedule,
    Field(discriminator="kind"),
    BeforeValidator(_read_bare_kind),
]


def describe_bare_kind(schema: dict[str, Any]) -> None:
    """Let the JSON schema of a schedule also accept the bare name of its kind."""
    full = {key: schema.pop(key) for key in ("anyOf", "discriminator")}
    bare = [kind for kind in SCHEDULES if kind != "multi_step"]
    schema["anyOf"] = [{"type": "string", "enum": bare}, full]
