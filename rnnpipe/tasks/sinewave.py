"""Sine wave generation: a static input sets the frequency of an oscillation.

Sussillo & Barak 2013 (Neural Comput. 25:626), section 4.2; Maheswaranathan et
al. 2019 (NeurIPS 32), section 2.2.
"""

from collections.abc import Mapping
from copy import copy

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, Trials
from rnnpipe.tasks.r_squared import r_squared

LOWEST, HIGHEST = 0.1, 0.6
# The input of frequency number j of n is j / n + OFFSET.
OFFSET = 0.25
MOST_PROBES = 11


class SineWave(Task):
    """The output is sin(ω t), t = 1, 2, …, with ω told by a constant input.

    Frequency number j of n (from 0) is 0.1 + 0.5 j / (n - 1) radians per step;
    its input is j / n + 1/4.

    Parameters
    ----------
    frequencies
        Number n of frequencies to draw from.
    time
        Steps per trial.
    solved
        R² that counts as solved.
    """

    score_quantity = Quantity("R²")
    condition = Quantity("frequency", unit="rad per step")

    def __init__(self, frequencies: int = 51, time: int = 100, solved: float = 0.95) -> None:
        self.inputs = self.outputs = 1
        self.frequencies = frequencies
        self.time = time
        self.solved = solved
        # Numbers of the frequencies that trials are drawn from.
        self.drawn = np.arange(frequencies, dtype=np.float64)

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the frequency, radians per step."""
        number = self.drawn[rng.integers(len(self.drawn), size=n_trials)]
        shape = (n_trials, self.time, 1)
        frequency = self.frequency(number)
        phase = frequency[:, None] * np.arange(1, self.time + 1)
        inputs = np.broadcast_to(self.level(number)[:, None, None], shape).astype(np.float32)
        targets = np.sin(phase)[..., None].astype(np.float32)
        conditions = np.repeat(frequency[:, None], self.time, axis=1)
        return Trials(inputs, targets, np.ones_like(targets), conditions)

    def frequency(self, number: np.ndarray) -> np.ndarray:
        """Frequency in radians per step of numbers from 0 to n - 1, whole or between."""
        return LOWEST + (HIGHEST - LOWEST) * number / (self.frequencies - 1)

    def level(self, number: np.ndarray) -> np.ndarray:
        """Input that stands for frequencies, by their number."""
        return number / self.frequencies + OFFSET

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """R² of all trials together."""
        return r_squared(outputs, trials)

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Inputs of up to 11 of the frequencies, evenly spread, both ends among them."""
        return {f"frequency{j}": np.array([self.level(j)]) for j in self._probed()}

    def probe_conditions(self) -> Mapping[str, float]:
        """Frequency in radians per step that each probe stands for."""
        numbers = {name: (x[0] - OFFSET) * self.frequencies for name, x in self.probes().items()}
        return {name: float(self.frequency(number)) for name, number in numbers.items()}

    def _probed(self) -> list[int]:
        count = min(self.frequencies, MOST_PROBES)
        return np.linspace(0, self.frequencies - 1, count).round().astype(int).tolist()

    def longer(self, times: int) -> "SineWave":
        """The same oscillations for `times` as long."""
        task = copy(self)
        task.time = times * self.time
        return task

    def unseen(self) -> "SineWave":
        """Frequencies half-way between those trained."""
        task = copy(self)
        task.drawn = self.drawn[:-1] + 0.5
        return task
