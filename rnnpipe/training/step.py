"""One step of training: trials in, every network's weights moved, its loss and gradient out."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.stack import NetworkStack, parameter_row
from rnnpipe.training.evaluation import masked_mse

# Inputs, targets, mask and noise, as `TrialBatches.draw` gives them.
StepTrials = tuple[Tensor, Tensor, Tensor, Tensor | None]
# Runs before a capture, in which libraries choose their kernels and workspaces.
WARM_UP = 3


class TrainingStep:
    """Forward pass, backward pass, clipping and Adam of all networks of a batch.

    Nothing in it asks the device for a number. On CUDA the whole step is
    captured once as a graph and then replayed, so that it costs its arithmetic
    and not the launches of its kernels.

    Parameters
    ----------
    model
        The networks; their weights move at every step.
    settings
        The `training` section of the experiment file, with `train` as a list of parts.
    memory
        Adam's memory, `moments`; fresh by default.
    """

    def __init__(
        self,
        model: NetworkStack,
        settings: Mapping[str, Any],
        memory: Mapping[str, Tensor] | None = None,
    ) -> None:
        self.model, self.settings = model, settings
        model.raw.requires_grad_()
        self.trainable = _trainable(model, settings)
        self.memory = dict(memory or moments(model.raw, settings["amsgrad"]))
        on_cuda = model.raw.device.type == "cuda"
        # A number would be frozen into the graph.
        self.rate = torch.zeros((), device=model.raw.device) if on_cuda else 0.0
        self.optimizer = torch.optim.Adam(
            [model.raw],
            lr=self.rate,
            betas=(settings["beta1"], settings["beta2"]),
            eps=settings["epsilon"],
            amsgrad=settings["amsgrad"],
            fused=True,
            capturable=on_cuda,
        )
        self.optimizer.state[model.raw] = self.memory
        self.graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, trials: StepTrials, learning_rate: float) -> tuple[Tensor, Tensor]:
        """Move the weights once.

        Returns
        -------
        tuple
            Loss before the move and norm of the gradient before clipping, each (network,).
        """
        if isinstance(self.rate, float):
            self.optimizer.param_groups[0]["lr"] = learning_rate
            return self._update(trials)
        if self.graph is None:
            self._capture(trials)
        for ours, given in zip(self.trials, trials, strict=True):
            if given is not None:
                ours.copy_(given)
        self.rate.fill_(learning_rate)
        self.graph.replay()
        return self.loss.clone(), self.norm.clone()

    def _update(self, trials: StepTrials) -> tuple[Tensor, Tensor]:
        loss, objective = self.losses(trials)
        self.optimizer.zero_grad()
        objective.sum().backward()
        gradient = self.model.raw.grad.mul_(self.trainable)
        norm = torch.linalg.vector_norm(gradient, dim=1)
        if (clip := self.settings["clip"]) is not None:
            gradient.mul_((clip / (norm + 1e-6)).clamp(max=1.0)[:, None])
        self.optimizer.step()
        return loss.detach(), norm

    def losses(self, trials: StepTrials) -> tuple[Tensor, Tensor]:
        """Masked mean squared error (network,) and the objective with its penalties."""
        x, y, mask, noise = trials
        weights = self.model.weights()
        run = self.model.run(x, weights, noise)
        loss = masked_mse(run.outputs, y, mask)
        objective = loss
        if (decay := self.settings["weight_decay"]) > 0:
            objective = objective + decay * weights.recurrent.square().sum((1, 2))
        if (penalty := self.settings["rate_penalty"]) > 0:
            objective = objective + penalty * run.rates.square().mean((1, 2, 3))
        return loss, objective

    def _capture(self, trials: StepTrials) -> None:
        """Record the step as a graph on memory of its own; weights stay as they are."""
        self.trials = tuple(part if part is None else part.clone() for part in trials)
        moved = [self.model.raw.detach(), *self.memory.values()]
        kept = [values.clone() for values in moved]
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UP):
                self._update(self.trials)
        torch.cuda.current_stream().wait_stream(side)
        for values, before in zip(moved, kept, strict=True):
            values.copy_(before)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.loss, self.norm = self._update(self.trials)


def moments(raw: Tensor, amsgrad: bool) -> dict[str, Tensor]:
    """Adam's memory before its first step: the step, and means (network, parameter)."""
    names = ("exp_avg", "exp_avg_sq", *(("max_exp_avg_sq",) if amsgrad else ()))
    means = {name: torch.zeros_like(raw.detach()) for name in names}
    return {"step": torch.zeros((), dtype=torch.float32, device=raw.device), **means}


def _trainable(model: NetworkStack, settings: Mapping[str, Any]) -> Tensor:
    """(parameter,) of 1 where a parameter trains and 0 where it stays."""
    parts = {
        name: np.full(shape, float(name in settings["train"]))
        for name, shape in model.shapes.items()
    }
    return torch.from_numpy(parameter_row(parts)).to(model.raw)
