"""Trials of a block of networks as batches: each network's own stream, stacked."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.population import Population
from rnnpipe.seeds import stream
from rnnpipe.tasks import Task, Trials

# Steps whose trials are drawn at once: NumPy's cost a call is then shared.
STEPS_A_DRAW = 16


def as_batch(trials: Sequence[Trials], like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs, targets and mask as (network, time, trial, channel), typed and placed as `like`."""
    return tuple(
        torch.from_numpy(np.stack([getattr(t, name).swapaxes(0, 1) for t in trials])).to(like)
        for name in ("inputs", "targets", "mask")
    )


class TrialBatches:
    """Training trials and noise, step by step.

    A network's numbers come from its own streams and are drawn in the same
    order whoever is beside it and whenever others leave.
    """

    def __init__(
        self, task: Task, seeds: Sequence[int], settings: Mapping[str, Any], model: Population
    ) -> None:
        self.task = task
        self.trials = settings["trials"]
        self.units, self.like = model.units, model.raw.detach()
        sigma, alpha = model.model["noise"], model.cell.alpha
        # Noise of variance 2/α σ² per step inside the activation: Song et al. 2016, eq. 6.
        self.noise = sigma * np.sqrt(2 / alpha)
        self.streams = [stream(seed, "training trials") for seed in seeds]
        self.noise_streams = [stream(seed, "training noise") for seed in seeds]
        self.drawn: dict[int, list[np.ndarray]] = {}
        self.position = STEPS_A_DRAW

    def draw(self, live: np.ndarray) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        """Inputs, targets, mask and noise of the networks `live` for the next step."""
        if self.position == STEPS_A_DRAW:
            self.drawn = {i: self._sample(i) for i in live}
            self.position = 0
        x, y, mask = (
            torch.from_numpy(np.stack([self.drawn[i][part][self.position] for i in live])).to(
                self.like
            )
            for part in range(3)
        )
        self.position += 1
        return x, y, mask, self._noise(live, x.shape[1]) if self.noise > 0 else None

    def _sample(self, network: int) -> list[np.ndarray]:
        """Inputs, targets and mask, each (step, time, trial, channel)."""
        drawn = self.task.sample(STEPS_A_DRAW * self.trials, self.streams[network])
        return [
            values.reshape(STEPS_A_DRAW, self.trials, *values.shape[1:]).swapaxes(1, 2)
            for values in (drawn.inputs, drawn.targets, drawn.mask)
        ]

    def _noise(self, live: np.ndarray, time: int) -> Tensor:
        shape = (time, self.trials, self.units)
        drawn = [self.noise_streams[i].standard_normal(shape, dtype=np.float32) for i in live]
        return torch.from_numpy(np.stack(drawn)).to(self.like) * self.noise
