"""K-bit flip-flop: remember the sign of the last pulse on each channel.

Sussillo & Barak 2013 (Neural Comput. 25:626), section 4.1; Maheswaranathan et
al. 2019 (NeurIPS 32), section 2.1.
"""

from collections.abc import Mapping
from copy import copy

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, Trials, held
from rnnpipe.tasks.channels import numbered


class FlipFlop(Task):
    """Each channel pulses ±1 at random; its output is the last pulse's sign.

    Parameters
    ----------
    bits
        Number of channels K.
    probability
        Chance of a pulse per step and channel; at time 0 every channel pulses.
    time
        Steps per trial.
    solved
        Fraction of right signs that counts as solved.
    """

    score_quantity = Quantity("sign accuracy")
    condition = Quantity("memory state", kind="categorical")

    def __init__(
        self, bits: int = 3, probability: float = 0.2, time: int = 50, solved: float = 0.99
    ) -> None:
        self.inputs = self.outputs = bits
        self.probability = probability
        self.time = time
        self.solved = solved

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the index of the remembered pattern, 0 to 2^K - 1."""
        shape = (self.time, n_trials, self.inputs)
        pulsing = rng.random(shape, dtype=np.float32) < self.probability
        pulsing[0] = True
        signs = rng.integers(0, 2, shape, dtype=np.int8).astype(np.float32) * 2 - 1
        targets = held(signs, pulsing)
        conditions = (targets > 0) @ (2.0 ** np.arange(self.inputs))
        by_time = (signs * pulsing, targets, np.ones_like(targets), conditions)
        return Trials(*(values.swapaxes(0, 1) for values in by_time))

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Fraction of right signs, away from each channel's own pulses; a chance of 1/2."""
        counted = trials.inputs == 0
        return float(np.mean((np.sign(outputs) == trials.targets)[counted]))

    def longer(self, times: int) -> "FlipFlop":
        """Pulses for `times` as long."""
        task = copy(self)
        task.time = times * self.time
        return task

    def unseen(self) -> "FlipFlop":
        """Pulses a quarter as often, and so memories to be held longer."""
        task = copy(self)
        task.probability = self.probability / 4
        return task

    @property
    def channels(self) -> tuple[str, ...]:
        """``bit1``, ``bit2``, …"""
        return numbered("bit", self.inputs)

    def pulses(self) -> Mapping[str, np.ndarray]:
        """One pulse of either sign per channel: ``"bit 1 +"``, ``"bit 1 -"``, …"""
        return {
            f"bit {bit + 1} {name}": sign * np.eye(self.inputs)[bit]
            for bit in range(self.inputs)
            for name, sign in (("+", 1.0), ("-", -1.0))
        }

    @property
    def machine_states(self) -> int:
        """2^K sign patterns."""
        return 2**self.outputs

    def after_pulse(self, readouts: np.ndarray, pulse: str) -> np.ndarray:
        """The sign pattern of `readouts` (point, output) with the pulsed bit set."""
        pulsed = self.pulses()[pulse]
        return np.where(pulsed != 0, pulsed, np.sign(readouts))
