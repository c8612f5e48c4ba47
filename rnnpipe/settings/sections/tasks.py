"""What networks are trained to do."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from rnnpipe.parameters import (
    ClosedFraction,
    Count,
    Degrees,
    Name,
    NonNegative,
    NonZeroFraction,
    Positive,
    Real,
    Several,
)
from rnnpipe.settings.sections.epoch_tasks import (
    AntisaccadeSettings,
    DecisionSettings,
    MatchSettings,
)
from rnnpipe.settings.sections.neurogym_tasks import NeurogymSettings
from rnnpipe.settings.sections.own_tasks import (
    CLASS_KIND,
    ClassSettings,
    RecordedSettings,
    task_kind,
)
from rnnpipe.settings.sections.probes import Probed
from rnnpipe.tasks.channels import context_channels, heading_channels, numbered


class FlipflopSettings(Probed):
    """Hold the sign of the last pulse of each bit (Sussillo & Barak 2013)."""

    kind: Literal["flipflop"] = Field("flipflop", description="Remember the last pulse's sign.")
    bits: Count = Field(3, description="Input channels, and memories to hold.")
    probability: NonZeroFraction = Field(
        0.2, description="Probability of a pulse per bit and step; at the start every bit pulses."
    )
    time: Several = Field(50, description="Steps per trial.")
    solved: NonZeroFraction = Field(
        0.99, description="A network has solved the task from this share of right signs on."
    )

    @property
    def input_channels(self) -> int:
        """Number of inputs to the network."""
        return self.bits

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return numbered("bit", self.bits)

    @property
    def output_channels(self) -> int:
        """Number of outputs of the network."""
        return self.bits


class IntegratorSettings(Probed):
    """Integrate angular speed into heading (a ring attractor)."""

    kind: Literal["integrator"] = Field("integrator", description="Integrate speed to heading.")
    encoding: Literal["vector", "angle"] = Field(
        "vector", description="Target: cosine and sine of heading, or wrapped heading over pi."
    )
    angles: Count = Field(1, description="Headings integrated at once, one input channel each.")
    speeds: tuple[Real, ...] = Field(
        (-0.3, -0.2, -0.1, 0.1, 0.2, 0.3),
        min_length=1,
        description="Angular speeds to draw from, radians per step.",
    )
    redraw: ClosedFraction = Field(
        0.05, description="Probability per step that a new speed is drawn; 1: at every step."
    )
    noise: NonNegative = Field(
        0.0, description="Standard deviation of the input's noise, radians per step."
    )
    start: Literal["zero", "cued"] = Field(
        "zero",
        description="Trials start from heading 0, or from a random one shown at the first step "
        "on two more inputs an angle, cosine and sine.",
    )
    time: Several = Field(50, description="Steps per trial.")
    solved: Degrees = Field(
        10.0, description="Solved up to this mean absolute circular error, degrees."
    )

    @property
    def input_channels(self) -> int:
        """Number of inputs to the network."""
        return 3 * self.angles if self.start == "cued" else self.angles

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs: speeds, then cues."""
        return heading_channels(self.angles, self.start == "cued")

    @property
    def output_channels(self) -> int:
        """Number of outputs of the network."""
        return 2 * self.angles if self.encoding == "vector" else self.angles


class SineWaveSettings(Probed):
    """Oscillate at the frequency that a constant input tells (Sussillo & Barak 2013)."""

    kind: Literal["sinewave"] = Field("sinewave", description="A sine of the told frequency.")
    frequencies: Several = Field(
        51, description="Frequencies to draw from, between 0.1 and 0.6 radians per step."
    )
    time: Several = Field(100, description="Steps per trial.")
    solved: NonZeroFraction = Field(
        0.95, description="A network has solved the task from this R² on."
    )

    @property
    def input_channels(self) -> int:
        """Number of inputs to the network."""
        return 1

    @property
    def output_channels(self) -> int:
        """Number of outputs of the network."""
        return 1

    @property
    def default_probes(self) -> int:
        """The inputs of up to eleven frequencies."""
        return min(self.frequencies, 11)


class ContextSettings(Probed):
    """Sum the stream that is cued and ignore the other (Mante et al. 2013)."""

    kind: Literal["context"] = Field("context", description="Sum one of two streams, as cued.")
    drift: NonNegative = Field(0.5, description="Largest mean of a stream.")
    noise: NonNegative = Field(0.5, description="Standard deviation of a stream at each step.")
    gain: Positive = Field(0.08, description="The target is the running sum times this.")
    time: Several = Field(50, description="Steps per trial.")
    solved: NonZeroFraction = Field(
        0.95, description="A network has solved the task from this R² on."
    )

    @property
    def input_channels(self) -> int:
        """Number of inputs to the network."""
        return 4

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the inputs: two streams, two context lines."""
        return context_channels()

    @property
    def output_channels(self) -> int:
        """Number of outputs of the network."""
        return 1

    @property
    def default_probes(self) -> int:
        """Either context."""
        return 2


TASK_KINDS = (
    "flipflop",
    "integrator",
    "sinewave",
    "context",
    "decision",
    "match",
    "antisaccade",
    "neurogym",
    "file",
)

TaskSettings = Annotated[
    Annotated[FlipflopSettings, Tag("flipflop")]
    | Annotated[IntegratorSettings, Tag("integrator")]
    | Annotated[SineWaveSettings, Tag("sinewave")]
    | Annotated[ContextSettings, Tag("context")]
    | Annotated[DecisionSettings, Tag("decision")]
    | Annotated[MatchSettings, Tag("match")]
    | Annotated[AntisaccadeSettings, Tag("antisaccade")]
    | Annotated[NeurogymSettings, Tag("neurogym")]
    | Annotated[RecordedSettings, Tag("file")]
    | Annotated[ClassSettings, Tag(CLASS_KIND)],
    Discriminator(task_kind),
]


def name_kinds(tasks: Any) -> Any:
    """Give a task without a `kind` its own name as kind, where that is a kind."""
    if not isinstance(tasks, dict):
        return tasks
    return {
        name: {"kind": name, **task} if name in TASK_KINDS and isinstance(task, dict) else task
        for name, task in tasks.items()
    }


Tasks = Annotated[
    dict[Name, TaskSettings],
    Field(min_length=1),
    BeforeValidator(name_kinds),
]
