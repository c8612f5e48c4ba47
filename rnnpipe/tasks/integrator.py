"""Ring integrator: sum angular velocity into a heading.

The head-direction task of the ring-attractor literature, the second task of
`pyrnn`, out of which this project grew. A speed is held for a random time.
"""

from collections.abc import Mapping
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.parameters import ClosedFraction, Degrees, Few, NonNegative, Real, Several
from rnnpipe.tasks.base import Quantity, TaskWithSettings, Trials, held


class Integrator(TaskWithSettings):
    """Inputs are angular velocities; outputs report the summed headings.

    Where all trials start from heading 0, a network can pass for solved with a
    line of states that is long enough, torn open opposite of the start. Where
    they start all round, it has to close the ring. Without `probes`, fixed points
    are sought under zero.
    """

    score_quantity = Quantity("circular error", unit="degrees")
    condition = Quantity("heading", unit="rad", kind="circular")
    higher_is_better = False

    kind: Literal["integrator"] = Field("integrator", description="Integrate speed to heading.")
    encoding: Literal["vector", "angle"] = Field(
        "vector",
        description="Targets: cosine and sine of the heading (vector), or the wrapped heading "
        "over π (angle; several times less accurate).",
    )
    angles: Few = Field(
        1, description="Headings integrated at once, one input each (and two more if cued)."
    )
    speeds: tuple[Real, ...] = Field(
        (-0.3, -0.2, -0.1, 0.1, 0.2, 0.3),
        min_length=1,
        description="Angular speeds to draw from, radians per step.",
    )
    redraw: ClosedFraction = Field(
        0.05, description="Probability per step that a new speed is drawn; 1: at every step."
    )
    noise: NonNegative = Field(
        0.0,
        description="Standard deviation of the input's noise, radians per step; small (to 0.01).",
    )
    start: Literal["zero", "cued"] = Field(
        "zero",
        description="Trials start from heading 0, or (cued) from a random heading, whose cosine "
        "and sine are shown at the first step on two more inputs per angle.",
    )
    time: Several = Field(50, description="Steps per trial.")
    solved: Degrees = Field(
        10.0, description="Solved up to this mean absolute circular error, degrees."
    )

    @model_validator(mode="after")
    def _headings_vary(self) -> Self:
        if not any(self.speeds) and self.start == "zero":
            message = "0 alone, from heading 0: targets do not vary; give others, or start: cued"
            raise SettingsError([Fault("speeds", message)])
        return self

    @property
    def inputs(self) -> int:
        """A speed per angle, and if cued a cosine and a sine."""
        return 3 * self.angles if self.start == "cued" else self.angles

    @property
    def outputs(self) -> int:
        """One or two per angle."""
        return self.angles if self.encoding == "angle" else 2 * self.angles

    @property
    def channels(self) -> tuple[str, ...]:
        """``speed``, and if cued ``cos`` and ``sin``; numbered where there are several angles."""
        numbers = [""] if self.angles == 1 else [str(angle + 1) for angle in range(self.angles)]
        cues = [f"{name}{n}" for n in numbers for name in ("cos", "sin")]
        return (*(f"speed{n}" for n in numbers), *(cues if self.start == "cued" else ()))

    def channel_unit(self, channel: str) -> str:
        """Speeds are in radians per step."""
        return "rad per step" if channel.startswith("speed") else ""

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the first heading in (-π, π]."""
        shape = (self.time, n_trials, self.angles)
        renewed = rng.random(shape, dtype=np.float32) < self.redraw
        renewed[0] = True
        speeds = self._single_speeds
        velocity = held(speeds[rng.integers(len(speeds), size=shape)], renewed)
        heading = np.cumsum(velocity, axis=0, dtype=np.float64)
        cue = np.zeros((self.time, n_trials, self.inputs - self.angles), dtype=np.float32)
        if self.start == "cued":
            first = rng.uniform(-np.pi, np.pi, shape[1:])
            heading += first
            cue[0] = np.stack([np.cos(first), np.sin(first)], axis=-1).reshape(n_trials, -1)
        targets = self.encode(heading).astype(np.float32)
        inputs = velocity
        if self.noise > 0:
            inputs = velocity + self.noise * rng.standard_normal(shape, dtype=np.float32)
        inputs = np.concatenate([inputs, cue], axis=-1)
        by_time = (inputs, targets, np.ones_like(targets), wrapped(heading[..., 0]))
        return Trials(*(values.swapaxes(0, 1) for values in by_time))

    @property
    def _single_speeds(self) -> np.ndarray:
        return np.asarray(self.speeds, dtype=np.float32)

    def encode(self, heading: np.ndarray) -> np.ndarray:
        """Return targets (..., output) of headings (..., angle) in radians."""
        if self.encoding == "angle":
            return wrapped(heading) / np.pi
        pairs = np.stack([np.cos(heading), np.sin(heading)], axis=-1)
        return pairs.reshape(*heading.shape[:-1], -1)

    def decode(self, outputs: np.ndarray) -> np.ndarray:
        """Return headings (..., angle) in radians of outputs (..., output)."""
        if self.encoding == "angle":
            return np.asarray(outputs, dtype=np.float64) * np.pi
        pairs = np.asarray(outputs, dtype=np.float64).reshape(*outputs.shape[:-1], -1, 2)
        return np.arctan2(pairs[..., 1], pairs[..., 0])

    def report(self, outputs: np.ndarray) -> np.ndarray:
        """Return the first heading, radians."""
        return self.decode(outputs)[..., 0]

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return the mean absolute circular error, degrees; chance is 90 for uniform headings."""
        difference = self.decode(outputs) - self.decode(trials.targets)
        return float(np.degrees(np.abs(wrapped(difference)).mean()))

    def longer(self, times: int) -> Self:
        """Turns last `times` as long."""
        return self.model_copy(update={"time": times * self.time})

    def unseen(self) -> Self | None:
        """Speeds lie half-way between those of training; ``None`` where only one is."""
        speeds = np.unique(self._single_speeds)
        if len(speeds) < 2:
            return None
        between = (speeds[:-1] + speeds[1:]) / 2
        return self.model_copy(update={"speeds": tuple(between.tolist())})

    def pulses(self) -> Mapping[str, np.ndarray]:
        """Return the fastest turn either way on each angle, for one step."""
        fastest = float(np.abs(self._single_speeds).max())
        return {
            f"angle {angle + 1} {name}": sign * fastest * np.eye(self.inputs)[angle]
            for angle in range(self.angles)
            for name, sign in (("+", 1.0), ("-", -1.0))
        }


def wrapped(angle: np.ndarray) -> np.ndarray:
    """Return the same angle in (-π, π]."""
    return np.pi - (np.pi - angle) % (2 * np.pi)
