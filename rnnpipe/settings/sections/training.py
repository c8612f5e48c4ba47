"""The section `training`: how networks are trained, and the course of the learning rate.

Tasks, models and overrides may hold the same keys, which go before the experiment's.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_serializer, field_validator

from rnnpipe.faults import Fault, shown, suggestion
from rnnpipe.parameters import (
    ClosedFraction,
    Count,
    DecayRate,
    Flag,
    NonNegative,
    NonZeroFraction,
    OpenFraction,
    Positive,
    Real,
    Settings,
)

Part = Literal["input", "recurrent", "bias", "output", "output_bias", "initial_state"]
PARTS: tuple[Part, ...] = ("input", "recurrent", "bias", "output", "output_bias", "initial_state")
PRESETS = ("all", "recurrent_only")


def read_parts(value: Any) -> Any:
    """Check which parts are trained, and put a list of parts into the order of `PARTS`.

    Raises
    ------
    ValueError
        If `value` is neither a preset nor a list of different parts.
    """
    if isinstance(value, str):
        if value not in PRESETS:
            choices = (*PRESETS, *(f"[{part}]" for part in PARTS))
            raise ValueError(f"give all, recurrent_only or a list{suggestion(value, choices)}")
        return value
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f"give all, recurrent_only or a list of {', '.join(PARTS)}")
    unknown = [part for part in value if part not in PARTS]
    if unknown:
        near = suggestion(unknown[0], PARTS)
        raise ValueError(f"{shown(unknown[0])} is not one of {', '.join(PARTS)}{near}")
    if len(set(value)) < len(value):
        raise ValueError("names a part more than once")
    return [part for part in PARTS if part in value]


Trained = Annotated[
    Literal["all", "recurrent_only"] | Annotated[tuple[Part, ...], Field(min_length=1)],
    BeforeValidator(read_parts),
]


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


def _describe_bare_kind(schema: dict[str, Any]) -> None:
    """Make the JSON schema of a schedule accept the bare name of its kind too."""
    full = {key: schema.pop(key) for key in ("anyOf", "discriminator")}
    bare = [kind for kind in SCHEDULES if kind != "multi_step"]
    schema["anyOf"] = [{"type": "string", "enum": bare}, full]


class StopSettings(Settings):
    """When training ends before its last step."""

    loss: Positive | None = Field(
        None, description="Stop a network once its validation loss is below this; null: never."
    )
    score: Real | None = Field(
        None, description="Stop a network once its task score is at least as good; null: never."
    )


class ValidationSettings(Settings):
    """How often, and on how much, a network is validated while it trains."""

    every: Count = Field(50, description="Steps between two validations.")
    trials: Count = Field(128, description="Trials in the validation set.")


class TrainingSettings(Settings):
    """How a network is trained.

    The same keys, any of them, may stand under a task or a model, where the
    keys given there override these (`merge_training`).
    """

    steps: Count = Field(1000, description="Optimiser steps (Adam).")
    trials: Count = Field(64, description="Fresh trials per step.")
    learning_rate: Positive = Field(0.005, description="Peak learning rate.")
    schedule: Schedule = Field(
        default_factory=OneCycleSchedule,
        description="Course of the learning rate: a kind by itself, or a kind with its keys.",
        json_schema_extra=_describe_bare_kind,
    )
    amsgrad: Flag = Field(False, description="Use the AMSGrad variant of Adam.")
    beta1: DecayRate = Field(0.9, description="Decay of Adam's mean of gradients, per step.")
    beta2: DecayRate = Field(0.999, description="Decay of Adam's mean square, per step.")
    epsilon: Positive = Field(1e-8, description="Added to the root of Adam's mean square.")
    clip: Positive | None = Field(
        1.0, description="Largest norm of each network's gradient; null: not clipped."
    )
    weight_decay: NonNegative = Field(
        0.0, description="L2 penalty on the effective recurrent weights, added to the loss."
    )
    rate_penalty: NonNegative = Field(
        0.0, description="Penalty on the mean squared activity, added to the loss."
    )
    stop: StopSettings = Field(
        default_factory=StopSettings, description="When training ends early; null: never."
    )
    validation: ValidationSettings = Field(
        default_factory=ValidationSettings, description="Validation during training."
    )
    initial_state: Literal["learned", "zero"] = Field(
        "learned", description="State before the first step of every trial."
    )
    train: Trained = Field(
        "all",
        description="What is trained: all, recurrent_only (recurrent weights and bias), or a list.",
    )

    def trained_parts(self) -> tuple[Part, ...]:
        """Return the parts that are trained, in the order of `PARTS`."""
        if self.train == "recurrent_only":
            return ("recurrent", "bias")
        if self.train == "all":
            fixed = {"initial_state"} if self.initial_state == "zero" else set()
            return tuple(part for part in PARTS if part not in fixed)
        return self.train

    def resolved(self) -> "TrainingSettings":
        """Return the same training with presets and shares of the steps spelt out."""
        spelt: dict[str, Any] = {"train": self.trained_parts()}
        if isinstance(self.schedule, MultiStepSchedule):
            milestones = tuple(map(float, self.schedule.milestone_steps(self.steps)))
            spelt["schedule"] = self.schedule.model_copy(update={"milestones": milestones})
        return self.model_copy(update=spelt)


class Trainable(Settings):
    """A task or a model: both may override how networks are trained."""

    training: TrainingSettings = Field(
        default_factory=TrainingSettings,
        description="Overrides of the experiment's training; a model's go before a task's.",
    )

    @field_serializer("training")
    def _only_what_was_given(self, training: TrainingSettings) -> dict[str, Any]:
        return training.model_dump(mode="json", exclude_unset=True)


def merge_training(*layers: TrainingSettings) -> TrainingSettings:
    """Merge training settings; the keys given in a later layer win.

    `stop` and `validation` are merged key by key, everything else, the
    schedule included, is replaced as a whole.
    """
    merged: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.model_dump(exclude_unset=True).items():
            inner = key in ("stop", "validation")
            merged[key] = {**merged.get(key, {}), **value} if inner else value
    return TrainingSettings.model_validate(merged)


def training_faults(training: TrainingSettings) -> list[Fault]:
    """Return what is inconsistent in merged training settings.

    Overrides can be judged only when merged: the milestones of a model may suit
    the steps of one task and not those of another.
    """
    faults = []
    if training.initial_state == "zero" and "initial_state" in training.train:
        faults.append(
            Fault("train", "names initial_state, which is zero; give initial_state: learned")
        )
    if isinstance(training.schedule, MultiStepSchedule):
        steps = training.schedule.milestone_steps(training.steps)
        ascending = all(a < b for a, b in pairwise(steps))
        if not ascending or steps[0] < 1 or steps[-1] >= training.steps:
            message = f"milestones at steps {shown(steps)} must ascend within the "
            faults.append(Fault("schedule", f"{message}{training.steps} steps of training"))
    return faults
