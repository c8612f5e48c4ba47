"""Sine wave generation: a static input sets the frequency of an oscillation.

Sussillo & Barak 2013 (Neural Comput. 25:626), section 4.2; Maheswaranathan et
al. 2019 (NeurIPS 32), section 2.2.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field, PrivateAttr

from rnnpipe.parameters import NonZeroFraction, Several, read_number
from rnnpipe.tasks.base import Quantity, TaskWithSettings, Trials, r_squared

LOWEST, HIGHEST = 0.1, 0.6
# The input of frequency number j of n is j / n + OFFSET.
OFFSET = 0.25
MOST_PROBES = 11


# An array of them is made for every batch.
Frequencies = Annotated[int, Field(ge=2, le=100_000), BeforeValidator(read_number)]


class SineWave(TaskWithSettings):
    """The output is sin(ω t), t = 1, 2, …, with ω set by a constant input.

    Frequency number j of n (from 0) is 0.1 + 0.5 j / (n - 1) radians per step;
    its input is j / n + 1/4. Channel: ``input1``. Without `probes`, fixed points
    are sought under the inputs of up to eleven of the frequencies.
    """

    score_quantity = Quantity("R²")
    condition = Quantity("frequency", unit="rad per step")

    kind: Literal["sinewave"] = Field(
        "sinewave", description="A sine whose frequency the input sets."
    )
    frequencies: Frequencies = Field(
        51, description="Frequencies to draw from, between 0.1 and 0.6 radians per step."
    )
    time: Several = Field(100, description="Steps per trial.")
    solved: NonZeroFraction = Field(
        0.95, description="A network has solved the task from this R² on."
    )

    # Whether trials have the frequencies half-way between those of training.
    _between: bool = PrivateAttr(False)

    @property
    def inputs(self) -> int:
        """The one that tells the frequency."""
        return 1

    @property
    def outputs(self) -> int:
        """The sine."""
        return 1

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the frequency, radians per step."""
        drawn = np.arange(self.frequencies, dtype=np.float64)
        if self._between:
            drawn = drawn[:-1] + 0.5
        number = drawn[rng.integers(len(drawn), size=n_trials)]
        shape = (n_trials, self.time, 1)
        frequency = self.frequency(number)
        phase = frequency[:, None] * np.arange(1, self.time + 1)
        inputs = np.broadcast_to(self.level(number)[:, None, None], shape).astype(np.float32)
        targets = np.sin(phase)[..., None].astype(np.float32)
        conditions = np.repeat(frequency[:, None], self.time, axis=1)
        return Trials(inputs, targets, np.ones_like(targets), conditions)

    def frequency(self, number: np.ndarray) -> np.ndarray:
        """Return the frequency, radians per step, of numbers from 0 to n - 1, whole or between."""
        return LOWEST + (HIGHEST - LOWEST) * number / (self.frequencies - 1)

    def level(self, number: np.ndarray) -> np.ndarray:
        """Return the input that stands for frequencies, by their number."""
        return number / self.frequencies + OFFSET

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return R² of all trials together."""
        return r_squared(outputs, trials)

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Return the inputs of up to 11 of the frequencies, evenly spread from end to end."""
        count = min(self.frequencies, MOST_PROBES)
        probed = np.linspace(0, self.frequencies - 1, count).round().astype(int).tolist()
        return {f"frequency{j}": np.array([self.level(j)]) for j in probed}

    def probe_conditions(self) -> Mapping[str, float]:
        """Return the frequency, radians per step, that each probe stands for."""
        numbers = {name: (x[0] - OFFSET) * self.frequencies for name, x in self.probes().items()}
        return {name: float(self.frequency(number)) for name, number in numbers.items()}

    def longer(self, times: int) -> Self:
        """The same oscillations last `times` as long."""
        return self.model_copy(update={"time": times * self.time})

    def unseen(self) -> Self:
        """Frequencies lie half-way between those of training."""
        task = self.model_copy()
        task._between = True
        return task
