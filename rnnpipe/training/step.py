"""One step of training: forward pass, backward pass, clipping and Adam of all networks at once."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.optim.adam import adam

from rnnpipe.networks.stack import NetworkStack, parameter_row
from rnnpipe.settings.sections.training import TrainingSettings
from rnnpipe.training.evaluation import masked_mse

# Inputs, targets, mask and noise, as `TrialBatches.draw` gives them.
StepTrials = tuple[Tensor, Tensor, Tensor, Tensor | None]
# Runs before a capture, in which libraries choose their kernels and workspaces.
WARM_UP = 3


class TrainingStep:
    """A stack of networks with Adam's memory; a call moves the weights of all networks once.

    A step never waits for a number from the device. On CUDA the whole step is
    captured once as a graph and then replayed, so that it costs its arithmetic
    and not the launches of its kernels.

    Parameters
    ----------
    networks
        The networks; their weights move at every step.
    settings
        How they train.
    memory
        Adam's memory, which moves too; that before the first step by default.
    """

    def __init__(
        self,
        networks: NetworkStack,
        settings: TrainingSettings,
        memory: Mapping[str, Tensor] | None = None,
    ) -> None:
        self.networks, self.settings = networks, settings
        networks.raw.requires_grad_()
        self.trainable = _trainable(networks, settings)
        self.memory = dict(memory or initial_memory(networks.raw, settings.amsgrad))
        self.on_cuda = networks.raw.device.type == "cuda"
        # A number would be frozen into the graph.
        self.rate = torch.zeros((), device=networks.raw.device) if self.on_cuda else 0.0
        self.graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, trials: StepTrials, learning_rate: float) -> tuple[Tensor, Tensor]:
        """Move the weights once.

        Returns
        -------
        tuple
            Loss before the move and norm of the gradient before clipping, each (network,).
        """
        if isinstance(self.rate, float):
            self.rate = learning_rate
            return self._update(trials)
        if self.graph is None:
            self._capture(trials)
        for ours, given in zip(self.trials, trials, strict=True):
            if given is not None:
                ours.copy_(given)
        self.rate.fill_(learning_rate)
        self.graph.replay()
        return self.loss.clone(), self.norm.clone()

    def select(self, rows: Tensor) -> "TrainingStep":
        """The step of some of the networks, with their part of Adam's memory."""
        memory = {
            name: value[rows] if value.ndim == 2 else value for name, value in self.memory.items()
        }
        return TrainingStep(self.networks.select(rows), self.settings, memory)

    def losses(self, trials: StepTrials) -> tuple[Tensor, Tensor]:
        """Masked mean squared error (network,), and the objective with its penalties (network,)."""
        x, y, mask, noise = trials
        weights = self.networks.weights()
        rates, outputs = self.networks.respond(x, weights, noise)
        loss = masked_mse(outputs, y, mask)
        objective = loss
        if (decay := self.settings.weight_decay) > 0:
            objective = objective + decay * weights.recurrent.square().sum((1, 2))
        if (penalty := self.settings.rate_penalty) > 0:
            objective = objective + penalty * rates.square().mean((1, 2, 3))
        return loss, objective

    def _update(self, trials: StepTrials) -> tuple[Tensor, Tensor]:
        loss, objective = self.losses(trials)
        self.networks.raw.grad = None
        objective.sum().backward()
        gradient = self.networks.raw.grad.mul_(self.trainable)
        norm = torch.linalg.vector_norm(gradient, dim=1)
        if (clip := self.settings.clip) is not None:
            gradient.mul_((clip / (norm + 1e-6)).clamp(max=1.0)[:, None])
        self._move(gradient)
        return loss.detach(), norm

    @torch.no_grad()
    def _move(self, gradient: Tensor) -> None:
        """Move the weights by Adam, whose class would import torch's compiler: a second."""
        memory, settings = self.memory, self.settings
        largest = [memory["max_exp_avg_sq"]] if settings.amsgrad else []
        means = [memory["exp_avg"]], [memory["exp_avg_sq"]], largest
        adam(
            [self.networks.raw],
            [gradient],
            *means,
            [memory["step"]],
            fused=True,
            capturable=self.on_cuda,
            amsgrad=settings.amsgrad,
            beta1=settings.beta1,
            beta2=settings.beta2,
            lr=self.rate,
            weight_decay=0.0,
            eps=settings.epsilon,
            maximize=False,
        )

    def _capture(self, trials: StepTrials) -> None:
        """Record the step as a graph on memory of its own; weights stay as they are."""
        self.trials = tuple(part if part is None else part.clone() for part in trials)
        moved = [self.networks.raw.detach(), *self.memory.values()]
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


def initial_memory(raw: Tensor, amsgrad: bool) -> dict[str, Tensor]:
    """Adam's memory before its first step: the step, and means (network, parameter)."""
    names = ("exp_avg", "exp_avg_sq", *(("max_exp_avg_sq",) if amsgrad else ()))
    means = {name: torch.zeros_like(raw.detach()) for name in names}
    return {"step": torch.zeros((), dtype=torch.float32, device=raw.device), **means}


def _trainable(networks: NetworkStack, settings: TrainingSettings) -> Tensor:
    """(parameter,) of 1 where a parameter trains and 0 where it stays."""
    trained = settings.trained_parts()
    parts = {
        name: np.full(shape, float(name in trained)) for name, shape in networks.shapes.items()
    }
    return torch.from_numpy(parameter_row(parts)).to(networks.raw)
