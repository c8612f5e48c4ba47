"""Perceptual decision: which of two noisy inputs was the stronger.

The random-dot task (Newsome et al. 1989, Nature 341:52), with a delay before
the response (Shadlen & Newsome 2001, J. Neurophysiol. 86:1916); as a task for
networks Song, Yang & Wang 2016 (PLoS Comput. Biol. 12:e1004792).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field

from rnnpipe.parameters import Count, NonNegative, NonZeroFraction, different
from rnnpipe.tasks.base import Quantity, Trials, numbered
from rnnpipe.tasks.epochs import CHOICES, Epochs, EpochTask, right_choices


class Decision(EpochTask):
    """After a delay, the outputs report which of two noisy inputs was stronger (random dots).

    Shadlen & Newsome 2001; Song, Yang & Wang 2016. At coherence c the inputs are
    (1 ± c) / 2 with noise. Outputs are the fixation and one for either choice. An
    observer who sums the evidence of T steps is right with probability Φ(c √(T/2) / σ)
    at noise σ: 0.90 on average with the defaults. Without `probes`, fixed points are
    sought in the delay, and under a stimulus that favours neither choice.
    """

    score_quantity = Quantity("choice accuracy")
    condition = Quantity("signed coherence")

    kind: Literal["decision"] = Field("decision", description="Report the stronger evidence.")
    coherences: Annotated[tuple[NonZeroFraction, ...], AfterValidator(different)] = Field(
        (0.032, 0.064, 0.128, 0.256, 0.512),
        min_length=1,
        description="Sizes of the coherence to draw from; either choice is as likely.",
    )
    noise: NonNegative = Field(
        0.2, description="Standard deviation of each evidence at each step of the stimulus."
    )
    stimulus: Count = Field(20, description="Steps of the evidence.")
    solved: NonZeroFraction = Field(0.8, description=CHOICES)

    @property
    def epochs(self) -> Epochs:
        """Lengths of the epochs."""
        return Epochs(self.fixation, self.stimulus, self.delay, self.response)

    @property
    def channels(self) -> tuple[str, ...]:
        """``fixation``, ``evidence1``, ``evidence2``."""
        return ("fixation", *numbered("evidence", 2))

    @property
    def _sizes(self) -> np.ndarray:
        """Coherences (coherence,), ascending."""
        return np.unique(np.asarray(self.coherences, dtype=np.float64))

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the coherence, positive where choice 1 is right."""
        timing = self.epochs.draw(n_trials, rng)
        sign = rng.choice([-1.0, 1.0], n_trials)
        coherence = sign * rng.choice(self._sizes, n_trials)
        mean = (1 + coherence[:, None] * [1, -1]) / 2
        white = rng.standard_normal((n_trials, self.time, 2))
        evidence = timing.stimulus[..., None] * (mean[:, None] + self.noise * white)
        answers = np.stack([sign > 0, sign < 0], axis=-1)
        return timing.trials(evidence, answers, coherence)

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return the fraction of right choices, by the mean over the response; chance is 1/2."""
        return right_choices(outputs, trials)

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """Return the delay, and a stimulus that favours neither choice."""
        return {"delay": np.array([1.0, 0.0, 0.0]), "stimulus": np.array([1.0, 0.5, 0.5])}

    def pulses(self) -> Mapping[str, np.ndarray]:
        """Return the strongest evidence for either choice, for one step."""
        strongest = self._sizes[-1]
        strong, weak = (1 + strongest) / 2, (1 - strongest) / 2
        return {
            "choice 1": np.array([1.0, strong, weak]),
            "choice 2": np.array([1.0, weak, strong]),
        }

    def longer(self, times: int) -> Self:
        """Delays are `times` as long; where there are none, the stimulus is."""
        if self.delay[1] > 0:
            return super().longer(times)
        return self.model_copy(update={"stimulus": times * self.stimulus})

    def unseen(self) -> Self | None:
        """Coherences lie half-way between those of training; ``None`` where only one is."""
        sizes = self._sizes
        if len(sizes) < 2:
            return None
        between = (sizes[:-1] + sizes[1:]) / 2
        return self.model_copy(update={"coherences": tuple(between.tolist())})
