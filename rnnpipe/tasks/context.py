"""Context-dependent integration: of two noisy streams, sum the one that is cued.

Mante et al. 2013 (Nature 503:78); Maheswaranathan et al. 2019 (NeurIPS 32),
section 2.3.
"""

from collections.abc import Mapping
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.parameters import NonNegative, NonZeroFraction, Positive, Several
from rnnpipe.tasks.base import Quantity, TaskWithSettings, Trials, numbered, r_squared

STREAMS = 2


class Context(TaskWithSettings):
    """Of two noisy streams with a drift, the output sums the cued one and ignores the other.

    Mante et al. 2013. One of two context lines is 1 and tells which stream counts.
    Without `probes`, fixed points are sought in either context without evidence.
    """

    score_quantity = Quantity("R²")
    condition = Quantity("integrated evidence")
    readout_level = 0.5

    kind: Literal["context"] = Field("context", description="Sum one of two streams, as cued.")
    drift: NonNegative = Field(
        0.5,
        description="Largest mean of a stream; drawn between its two signs for every trial.",
    )
    noise: NonNegative = Field(0.5, description="Standard deviation of a stream at each step.")
    gain: Positive = Field(
        0.08, description="The target is the running sum of the cued stream times this."
    )
    time: Several = Field(50, description="Steps per trial.")
    solved: NonZeroFraction = Field(
        0.95, description="A network has solved the task from this R² on."
    )

    @model_validator(mode="after")
    def _streams_flow(self) -> Self:
        if self.drift == 0 and self.noise == 0:
            raise SettingsError([Fault("drift", "0 without noise: targets do not vary; give more")])
        return self

    @property
    def inputs(self) -> int:
        """The streams, and a line for each."""
        return 2 * STREAMS

    @property
    def outputs(self) -> int:
        """The sum."""
        return 1

    @property
    def channels(self) -> tuple[str, ...]:
        """``stream1``, ``stream2``, ``context1``, ``context2``."""
        return (*numbered("stream", STREAMS), *numbered("context", STREAMS))

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the target."""
        drift = rng.uniform(-self.drift, self.drift, (n_trials, 1, STREAMS))
        white = rng.standard_normal((n_trials, self.time, STREAMS))
        streams = drift + self.noise * white
        cued = rng.integers(STREAMS, size=n_trials)
        cue = np.repeat(np.eye(STREAMS)[cued][:, None], self.time, axis=1)
        evidence = np.take_along_axis(streams, cued[:, None, None], axis=2)
        targets = self.gain * np.cumsum(evidence, axis=1)
        inputs = np.concatenate([streams, cue], axis=-1).astype(np.float32)
        ones = np.ones_like(targets, dtype=np.float32)
        return Trials(inputs, targets.astype(np.float32), ones, targets[..., 0])

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return R² of all trials and times together."""
        return r_squared(outputs, trials)

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Return the line of either context alone, without evidence."""
        return {
            name: x
            for name, x in zip(self.channels, np.eye(self.inputs), strict=True)
            if name.startswith("context")
        }

    def longer(self, times: int) -> Self:
        """Evidence comes for `times` as long, so that sums go beyond those of training."""
        return self.model_copy(update={"time": times * self.time})

    def unseen(self) -> Self:
        """Drifts are up to twice as strong."""
        return self.model_copy(update={"drift": 2 * self.drift})


def cued_stream(probe: str) -> int | None:
    """Return the number of the stream, from 0, that a probe ``…N`` cues: N - 1.

    ``None`` for a name without a number.
    """
    digits = probe[len(probe.rstrip("0123456789")) :]
    return int(digits) - 1 if digits else None
