"""K-bit flip-flop: remember the sign of the last pulse on each channel.

Sussillo & Barak 2013 (Neural Comput. 25:626), section 4.1; Maheswaranathan et
al. 2019 (NeurIPS 32), section 2.1.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field

from rnnpipe.parameters import NonZeroFraction, OpenFraction, Several, read_number
from rnnpipe.tasks.base import Quantity, TaskWithSettings, Trials, held, numbered

# Conditions number the 2^bits patterns in float64, which holds whole numbers up to 2^53.
Bits = Annotated[int, Field(ge=1, le=52), BeforeValidator(read_number)]


class FlipFlop(TaskWithSettings):
    """Each channel pulses ±1 at random; its output holds the sign of the last pulse.

    Sussillo & Barak 2013. Without `probes`, fixed points are sought under zero.
    """

    score_quantity = Quantity("sign accuracy")
    condition = Quantity("memory state", kind="categorical")

    kind: Literal["flipflop"] = Field("flipflop", description="Remember the last pulse's sign.")
    bits: Bits = Field(
        3,
        description="Inputs, outputs and memories; a solved network has about 3^bits fixed points.",
    )
    probability: OpenFraction = Field(
        0.2,
        description="Probability of a pulse per bit and step; at the start every bit pulses. At 1 "
        "there would be nothing to hold.",
    )
    time: Several = Field(50, description="Steps per trial.")
    solved: NonZeroFraction = Field(
        0.99, description="A network has solved the task from this share of right signs on."
    )

    @property
    def inputs(self) -> int:
        """One per bit."""
        return self.bits

    @property
    def outputs(self) -> int:
        """One per bit."""
        return self.bits

    @property
    def channels(self) -> tuple[str, ...]:
        """``bit1``, ``bit2``, …"""
        return numbered("bit", self.bits)

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the index of the remembered pattern, 0 to 2^K - 1."""
        shape = (self.time, n_trials, self.bits)
        pulsing = rng.random(shape, dtype=np.float32) < self.probability
        pulsing[0] = True
        signs = rng.integers(0, 2, shape, dtype=np.int8).astype(np.float32) * 2 - 1
        targets = held(signs, pulsing)
        conditions = (targets > 0) @ (2.0 ** np.arange(self.bits))
        by_time = (signs * pulsing, targets, np.ones_like(targets), conditions)
        return Trials(*(values.swapaxes(0, 1) for values in by_time))

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return the share of right signs, away from each channel's own pulses; chance is 1/2."""
        counted = trials.inputs == 0
        return float(np.mean((np.sign(outputs) == trials.targets)[counted]))

    def longer(self, times: int) -> Self:
        """Pulses come for `times` as long."""
        return self.model_copy(update={"time": times * self.time})

    def unseen(self) -> Self:
        """Pulses come a quarter as often, so that memories are held longer."""
        return self.model_copy(update={"probability": self.probability / 4})

    def pulses(self) -> Mapping[str, np.ndarray]:
        """Return one pulse of either sign per channel: ``"bit 1 +"``, ``"bit 1 -"``, …"""
        return {
            f"bit {bit + 1} {name}": sign * np.eye(self.bits)[bit]
            for bit in range(self.bits)
            for name, sign in (("+", 1.0), ("-", -1.0))
        }

    @property
    def machine_states(self) -> int:
        """2^K sign patterns."""
        return 2**self.bits

    def after_pulse(self, readouts: np.ndarray, pulse: str) -> np.ndarray:
        """Return the sign pattern of `readouts` (point, output) with the pulsed bit set."""
        pulsed = self.pulses()[pulse]
        return np.where(pulsed != 0, pulsed, np.sign(readouts))
