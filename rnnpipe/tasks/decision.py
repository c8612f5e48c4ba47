"""Perceptual decision: which of two noisy inputs was the stronger.

The random-dot task (Newsome et al. 1989, Nature 341:52), with a delay before
the response (Shadlen & Newsome 2001, J. Neurophysiol. 86:1916); as a task for
networks Song, Yang & Wang 2016 (PLoS Comput. Biol. 12:e1004792).
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, Trials
from rnnpipe.tasks.channels import decision_channels
from rnnpipe.tasks.epochs import Epochs, right_choices

COHERENCES = (0.032, 0.064, 0.128, 0.256, 0.512)
CHOICES = 2


class Decision(Task):
    """Evidence for two choices, (1 ± coherence) / 2 with noise; the stronger is reported later.

    Outputs are the fixation and one for either choice. An observer who sums
    the evidence of T steps is right with probability Φ(c √(T/2) / σ) at
    coherence c and noise σ: 0.90 on average with the defaults.

    Parameters
    ----------
    coherences
        Sizes of the coherence; either sign is as likely.
    noise
        Standard deviation of each evidence at each step of the stimulus.
    fixation, stimulus, delay, response
        Lengths of the epochs in steps; the delay is drawn between two.
    solved
        Fraction of right choices that counts as solved.
    """

    score_quantity = Quantity("choice accuracy")
    condition = Quantity("signed coherence")

    def __init__(
        self,
        coherences: Sequence[float] = COHERENCES,
        noise: float = 0.2,
        fixation: int = 5,
        stimulus: int = 20,
        delay: Sequence[int] = (0, 10),
        response: int = 10,
        solved: float = 0.8,
    ) -> None:
        self.inputs = self.outputs = 1 + CHOICES
        self.coherences = np.unique(np.asarray(coherences, dtype=np.float64))
        self.noise = noise
        self.epochs = Epochs(fixation, stimulus, delay, response)
        self.solved = solved

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the coherence, positive where choice 1 is right."""
        timing = self.epochs.draw(n_trials, rng)
        sign = rng.choice([-1.0, 1.0], n_trials)
        coherence = sign * rng.choice(self.coherences, n_trials)
        mean = (1 + coherence[:, None] * [1, -1]) / 2
        white = rng.standard_normal((n_trials, self.epochs.time, CHOICES))
        evidence = timing.stimulus[..., None] * (mean[:, None] + self.noise * white)
        answers = np.stack([sign > 0, sign < 0], axis=-1)
        return timing.trials(evidence, answers, coherence)

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Fraction of right choices, by the mean over the response; a chance of 1/2."""
        return right_choices(outputs, trials)

    @property
    def channels(self) -> tuple[str, ...]:
        """``fixation``, ``evidence1``, ``evidence2``."""
        return decision_channels()

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """The delay, and a stimulus that favours neither choice."""
        return {"delay": np.array([1.0, 0.0, 0.0]), "stimulus": np.array([1.0, 0.5, 0.5])}

    def pulses(self) -> Mapping[str, np.ndarray]:
        """The strongest evidence for either choice, for one step."""
        strongest = self.coherences[-1]
        strong, weak = (1 + strongest) / 2, (1 - strongest) / 2
        return {
            "choice 1": np.array([1.0, strong, weak]),
            "choice 2": np.array([1.0, weak, strong]),
        }

    def longer(self, times: int) -> "Decision":
        """Delays `times` as long; where there are none, the stimulus."""
        task = copy(self)
        if self.epochs.delay[1] > 0:
            task.epochs = self.epochs.longer(times)
        else:
            task.epochs = replace(self.epochs, stimulus=times * self.epochs.stimulus)
        return task

    def unseen(self) -> "Decision | None":
        """Coherences half-way between those trained; ``None`` where only one is."""
        if len(self.coherences) < 2:
            return None
        task = copy(self)
        task.coherences = (self.coherences[:-1] + self.coherences[1:]) / 2
        return task
