"""Context-dependent integration: of two noisy streams, sum the one that is cued.

Mante et al. 2013 (Nature 503:78); Maheswaranathan et al. 2019 (NeurIPS 32),
section 2.3.
"""

from collections.abc import Mapping
from copy import copy

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, Trials
from rnnpipe.tasks.channels import context_channels
from rnnpipe.tasks.r_squared import r_squared

STREAMS = 2


class Context(Task):
    """Two streams of white noise with a drift, two one-hot context lines, one output.

    Parameters
    ----------
    drift
        Largest mean of a stream; drawn uniformly between its two signs for
        every trial and stream.
    noise
        Standard deviation of a stream at each step.
    gain
        The target is the running sum of the cued stream times this.
    time
        Steps per trial.
    solved
        R² that counts as solved.
    """

    score_quantity = Quantity("R²")
    condition = Quantity("integrated evidence")
    readout_level = 0.5

    def __init__(
        self,
        drift: float = 0.5,
        noise: float = 0.5,
        gain: float = 0.08,
        time: int = 50,
        solved: float = 0.95,
    ) -> None:
        self.inputs, self.outputs = 2 * STREAMS, 1
        self.drift = drift
        self.noise = noise
        self.gain = gain
        self.time = time
        self.solved = solved

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
        """R² of all trials and times together."""
        return r_squared(outputs, trials)

    @property
    def channels(self) -> tuple[str, ...]:
        """``stream1``, ``stream2``, ``context1``, ``context2``."""
        return context_channels()

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Either context's line alone, without evidence."""
        return {
            name: x
            for name, x in zip(self.channels, np.eye(self.inputs), strict=True)
            if name.startswith("context")
        }

    def longer(self, times: int) -> "Context":
        """Evidence for `times` as long, and so sums beyond those trained."""
        task = copy(self)
        task.time = times * self.time
        return task

    def unseen(self) -> "Context":
        """Drifts up to twice as strong."""
        task = copy(self)
        task.drift = 2 * self.drift
        return task
