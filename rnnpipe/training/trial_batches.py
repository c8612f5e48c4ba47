"""Trials of a block of networks as batches: each network's own stream, stacked."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.stack import Batch, NetworkStack
from rnnpipe.streams import stream
from rnnpipe.tasks import Task
from rnnpipe.training.device_trials import device_sampler
from rnnpipe.training.pcg64 import Streams

# Steps whose trials are drawn at once: the cost of a call is then shared.
STEPS_A_DRAW = 16


class TrialBatches:
    """Training trials and noise, step by step.

    A network's numbers come from its own streams and are drawn in the same
    order whoever is beside it and whenever others leave, and whatever the device.

    Parameters
    ----------
    on_device
        Whether trials are drawn where the networks are, if the task knows how;
        by default, if that is no CPU, whose fastest generator is NumPy's.
    """

    def __init__(
        self,
        task: Task,
        seeds: Sequence[int],
        settings: Mapping[str, Any],
        model: NetworkStack,
        on_device: bool | None = None,
    ) -> None:
        self.task = task
        self.trials = settings["trials"]
        self.units, self.like = model.units, model.raw.detach()
        sigma, alpha = model.model["noise"], model.cell.alpha
        # Noise of variance 2/α σ² per step inside the activation: Song et al. 2016, eq. 6.
        self.noise = sigma * np.sqrt(2 / alpha)
        on_device = self.like.device.type != "cpu" if on_device is None else on_device
        self.sampler = device_sampler(task) if on_device else None
        self.rngs = [stream(seed, "training trials") for seed in seeds]
        self.noise_rngs = [stream(seed, "training noise") for seed in seeds]
        # Where the streams were when `drawn` was drawn, for whom, and the next step of it.
        self.before = _places(self.rngs)
        self.rows = np.arange(len(seeds))
        self.drawn: Batch | None = None
        self.position = 0

    def draw(self, live: np.ndarray) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        """Inputs, targets, mask and noise of the networks `live` for the next step."""
        if self.drawn is None or self.position == STEPS_A_DRAW:
            self._draw(live)
            self.position = 0
        x, y, mask = (part[self.position] for part in self.drawn)
        if len(live) < len(self.rows):
            stay = torch.from_numpy(np.isin(self.rows, live).nonzero()[0]).to(x.device)
            x, y, mask = x[stay], y[stay], mask[stay]
        self.position += 1
        return x, y, mask, self._noise(live, x.shape[1]) if self.noise > 0 else None

    def state(self) -> dict[str, Any]:
        """Where all streams are; for `resume`."""
        return {
            "position": self.position,
            "trials": json.dumps(self.before if self.drawn is not None else _places(self.rngs)),
            "noise": json.dumps(_places(self.noise_rngs)),
        }

    def resume(self, state: Mapping[str, Any], live: np.ndarray) -> None:
        """Go on for the networks `live` where `state` was taken."""
        for rngs, key in ((self.rngs, "trials"), (self.noise_rngs, "noise")):
            for rng, place in zip(rngs, json.loads(state[key]), strict=True):
                rng.bit_generator.state = place
        if state["position"]:
            self._draw(live)
        self.position = state["position"]

    def _draw(self, live: np.ndarray) -> None:
        """Trials of the next steps, each part (step, network, time, trial, channel)."""
        self.before, self.rows = _places(self.rngs), live
        drawn = self._draw_on_device(live) if self.sampler else None
        self.drawn = self._draw_on_host(live) if drawn is None else drawn

    def _draw_on_device(self, live: np.ndarray) -> Batch | None:
        streams = Streams([self.rngs[i] for i in live], self.like.device)
        drawn = self.sampler(self.task, STEPS_A_DRAW * self.trials, streams)
        if drawn is None:
            return None
        for i, rng in zip(live, streams.generators(), strict=True):
            self.rngs[i] = rng
        return tuple(
            part.to(self.like).unflatten(2, (STEPS_A_DRAW, -1)).permute(2, 0, 1, 3, 4).contiguous()
            for part in drawn
        )

    def _draw_on_host(self, live: np.ndarray) -> Batch:
        drawn: list[np.ndarray] = []
        for row, i in enumerate(live):
            trials = self.task.sample(STEPS_A_DRAW * self.trials, self.rngs[i])
            for part, values in enumerate((trials.inputs, trials.targets, trials.mask)):
                steps = values.reshape(STEPS_A_DRAW, self.trials, *values.shape[1:]).swapaxes(1, 2)
                if row == 0:
                    shape = (STEPS_A_DRAW, len(live), *steps.shape[1:])
                    drawn.append(np.empty(shape, dtype=values.dtype))
                drawn[part][:, row] = steps
        return tuple(torch.from_numpy(part).to(self.like) for part in drawn)

    def _noise(self, live: np.ndarray, time: int) -> Tensor:
        shape = (time, self.trials, self.units)
        drawn = [self.noise_rngs[i].standard_normal(shape, dtype=np.float32) for i in live]
        return torch.from_numpy(np.stack(drawn)).to(self.like) * self.noise


def _places(rngs: Sequence[np.random.Generator]) -> list[dict[str, Any]]:
    return [rng.bit_generator.state for rng in rngs]
