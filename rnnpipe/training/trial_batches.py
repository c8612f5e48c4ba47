"""Trials of a block of networks as batches: each network's own stream, stacked."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.stack import Batch, NetworkStack
from rnnpipe.streams import Replicates
from rnnpipe.tasks import Task
from rnnpipe.training.device_trials import Streams, device_sampler
from rnnpipe.training.step import StepTrials

# Steps whose trials are drawn at once: the cost of a call is then shared.
STEPS_PER_DRAW = 16


class TrialBatches:
    """Training trials and noise of the networks that train, step by step.

    A network's numbers come from its own streams and are drawn in the same
    order whichever networks are beside it, whenever others leave, and on
    whatever device.

    Parameters
    ----------
    trials
        Number of trials per step.
    on_device
        Whether trials are drawn where the networks are, if the task knows how;
        by default on any device but a CPU, where NumPy's generator is fastest.
    """

    def __init__(
        self,
        task: Task,
        replicates: Replicates,
        trials: int,
        networks: NetworkStack,
        on_device: bool | None = None,
    ) -> None:
        self.task, self.trials = task, trials
        self.units, self.like = networks.units, networks.raw.detach()
        # Noise of variance 2/α σ² per step inside the activation: Song et al. 2016, eq. 6.
        self.noise = networks.cell.noise * np.sqrt(2 / networks.cell.alpha)
        on_device = self.like.device.type != "cpu" if on_device is None else on_device
        self.sampler = device_sampler(task) if on_device else None
        self.rngs = replicates.streams("training trials")
        self.noise_rngs = replicates.streams("training noise")
        # Trials of `STEPS_PER_DRAW` steps, how many of these steps are done, and the states of
        # the streams before the draw, from which `load` repeats it.
        self.drawn: Batch | None = None
        self.done = STEPS_PER_DRAW
        self.before: list[dict[str, Any]] = []

    def draw(self) -> StepTrials:
        """Inputs, targets, mask and noise of the next step."""
        if self.done == STEPS_PER_DRAW:
            self._draw_steps()
        x, y, mask = (part[self.done] for part in self.drawn)
        self.done += 1
        return x, y, mask, self._draw_noise(x.shape[1]) if self.noise > 0 else None

    def keep(self, rows: np.ndarray) -> None:
        """Go on with the networks in the given rows only."""
        self.rngs = [self.rngs[row] for row in rows]
        self.noise_rngs = [self.noise_rngs[row] for row in rows]
        if self.done < STEPS_PER_DRAW:
            self.before = [self.before[row] for row in rows]
            kept = torch.from_numpy(rows).to(self.like.device)
            self.drawn = tuple(part[:, kept] for part in self.drawn)

    def content(self) -> dict[str, Any]:
        """The place in all streams, from which `load` goes on."""
        between = self.done == STEPS_PER_DRAW
        return {
            "done": self.done,
            "trials": json.dumps(_states(self.rngs) if between else self.before),
            "noise": json.dumps(_states(self.noise_rngs)),
        }

    def load(self, content: Mapping[str, Any]) -> None:
        """Go on where `content` was taken from batches of the same networks."""
        for rngs, key in ((self.rngs, "trials"), (self.noise_rngs, "noise")):
            for rng, state in zip(rngs, json.loads(content[key]), strict=True):
                rng.bit_generator.state = state
        if content["done"] < STEPS_PER_DRAW:
            self._draw_steps()
        self.done = content["done"]

    def _draw_steps(self) -> None:
        """Draw trials of the next steps, each part (step, network, time, trial, channel)."""
        self.before, self.done = _states(self.rngs), 0
        drawn = self._draw_on_device() if self.sampler else None
        self.drawn = self._draw_on_host() if drawn is None else drawn

    def _draw_on_device(self) -> Batch | None:
        streams = Streams(self.rngs, self.like.device)
        drawn = self.sampler(self.task, STEPS_PER_DRAW * self.trials, streams)
        if drawn is None:
            return None
        self.rngs = streams.generators()
        steps = (STEPS_PER_DRAW, -1)
        return tuple(
            part.to(self.like).unflatten(2, steps).permute(2, 0, 1, 3, 4).contiguous()
            for part in drawn
        )

    def _draw_on_host(self) -> Batch:
        drawn: list[np.ndarray] = []
        for row, rng in enumerate(self.rngs):
            trials = self.task.sample(STEPS_PER_DRAW * self.trials, rng)
            for part, values in enumerate((trials.inputs, trials.targets, trials.mask)):
                steps = values.reshape(STEPS_PER_DRAW, self.trials, *values.shape[1:])
                steps = steps.swapaxes(1, 2)
                if row == 0:
                    shape = (STEPS_PER_DRAW, len(self.rngs), *steps.shape[1:])
                    drawn.append(np.empty(shape, dtype=values.dtype))
                drawn[part][:, row] = steps
        return tuple(torch.from_numpy(part).to(self.like) for part in drawn)

    def _draw_noise(self, time: int) -> Tensor:
        shape = (time, self.trials, self.units)
        drawn = [rng.standard_normal(shape, dtype=np.float32) for rng in self.noise_rngs]
        return torch.from_numpy(np.stack(drawn)).to(self.like) * self.noise


def _states(rngs: Sequence[np.random.Generator]) -> list[dict[str, Any]]:
    return [rng.bit_generator.state for rng in rngs]
