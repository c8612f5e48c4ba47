"""Fit a block of networks to a task, all at once, none touching another.

Every network draws its own trials, has its own loss, gradient norm, best
weights and end; they share only the clock. Networks that end leave the batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.evaluation import evaluate, masked_mse, summary
from rnnpipe.population import Population, parameter_row
from rnnpipe.schedule import make_schedule
from rnnpipe.seeds import stream
from rnnpipe.tasks import Task
from rnnpipe.trial_batches import TrialBatches


@dataclass(frozen=True)
class Progress:
    """What a progress display may want: step, losses of the networks that still train."""

    step: int
    steps: int
    training: int
    loss: float
    validation_loss: float


@dataclass
class Fit:
    """Result of training a block.

    Attributes
    ----------
    population
        Networks with their best weights.
    history
        Columns of one row per network and step.
    summary
        Columns of one row per network.
    """

    population: Population
    history: dict[str, np.ndarray]
    summary: dict[str, np.ndarray]


class Best:
    """Best weights so far of every network, by validation score, then loss."""

    def __init__(self, population: Population, task: Task) -> None:
        self.raw = population.raw.detach().clone()
        n = len(population)
        self.score, self.loss = np.full(n, np.nan), np.full(n, np.nan)
        self.step = np.zeros(n, dtype=int)
        self._direction = 1 if task.higher_is_better else -1

    def offer(
        self, networks: np.ndarray, raw: Tensor, step: int, score: np.ndarray, loss: np.ndarray
    ) -> None:
        """Keep the rows of `raw` whose score is better, or as good at a lower loss."""
        for row, network in enumerate(networks):
            gain = self._direction * (score[row] - self.score[network])
            tie = gain == 0 and loss[row] < self.loss[network]
            if np.isfinite(score[row]) and (np.isnan(gain) or gain > 0 or tie):
                self.raw[network] = raw[row]
                self.score[network], self.loss[network] = score[row], loss[row]
                self.step[network] = step


def fit(
    population: Population,
    task: Task,
    seeds: Sequence[int],
    settings: Mapping[str, Any],
    report: Callable[[Progress], None] | None = None,
) -> Fit:
    """Train networks.

    Parameters
    ----------
    population
        Untrained networks, one a seed; not changed.
    settings
        The `training` section of the experiment file, with `train` as a list of parts.
    report
        Called after every step.
    """
    steps, clip = settings["steps"], settings["clip"]
    model = population.select(range(len(population)))
    live = np.arange(len(model))  # who is still training, as rows of `population`
    model.raw.requires_grad_()
    optimizer = _adam(model.raw, settings)
    scheduler = make_schedule(optimizer, settings["schedule"], settings["learning_rate"], steps)
    trainable = _trainable(model, settings)
    batches = TrialBatches(task.part("training"), seeds, settings, model)
    held_out = task.part("validation")
    validation = [
        held_out.sample(settings["validation"]["trials"], stream(seed, "validation trials"))
        for seed in seeds
    ]
    best = Best(model, task)
    reasons = np.full(len(model), "steps", dtype=object)
    ends = np.full(len(model), steps)
    rows: list[dict[str, np.ndarray]] = []
    for step in range(1, steps + 1):
        loss, objective = _losses(model, batches, live, settings)
        optimizer.zero_grad()
        objective.sum().backward()
        gradient = model.raw.grad.mul_(trainable)
        norm = torch.linalg.vector_norm(gradient, dim=1)
        if clip is not None:
            gradient.mul_((clip / (norm + 1e-6)).clamp(max=1.0)[:, None])
        row = _record(step, live, loss, norm, optimizer.param_groups[0]["lr"])
        rows.append(row)
        # A diverged network leaves before the update, so what it kept is finite.
        ended = np.where(np.isfinite(row["loss"] + row["gradient_norm"]), "", "diverged")
        optimizer.step()
        scheduler.step()
        if step % settings["validation"]["every"] == 0 or step == steps:
            score, validation_loss = evaluate(model, task, [validation[i] for i in live])
            row["validation_loss"] = validation_loss
            best.offer(live, model.raw.detach(), step, score, validation_loss)
            ended = _stops(ended, settings["stop"], task, score, validation_loss)
        if report is not None:
            report(_progress(step, steps, row))
        if (gone := ended != "").any():
            reasons[live[gone]], ends[live[gone]] = ended[gone], step
            live = live[~gone]
            if not len(live):
                break
            model = _leave(model, optimizer, ~gone)
    trained = population.select(range(len(population)))
    trained.raw.copy_(best.raw)
    history = {key: np.concatenate([row[key] for row in rows]) for key in rows[0]}
    history["seed"] = np.asarray(seeds)[history.pop("network")]
    facts = {
        **summary(population, trained, task, seeds),
        "stop_reason": reasons,
        "steps": ends,
        "best_step": best.step,
        "validation_loss": best.loss,
    }
    return Fit(trained, history, facts)


def _adam(raw: Tensor, settings: Mapping[str, Any]) -> torch.optim.Adam:
    return torch.optim.Adam(
        [raw],
        lr=settings["learning_rate"],
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
        amsgrad=settings["amsgrad"],
        fused=True,
    )


def _trainable(model: Population, settings: Mapping[str, Any]) -> Tensor:
    """(parameter,) of 1 where a parameter trains and 0 where it stays."""
    parts = {
        name: np.full(shape, float(name in settings["train"]))
        for name, shape in model.shapes.items()
    }
    return torch.from_numpy(parameter_row(parts)).to(model.raw)


def _losses(
    model: Population, batches: TrialBatches, live: np.ndarray, settings: Mapping[str, Any]
) -> tuple[Tensor, Tensor]:
    """Masked mean squared error (network,) and the objective with its penalties."""
    x, y, mask, noise = batches.draw(live)
    weights = model.weights()
    run = model.run(x, weights, noise)
    loss = masked_mse(run.outputs, y, mask)
    objective = loss
    if settings["weight_decay"] > 0:
        objective = objective + settings["weight_decay"] * weights.recurrent.square().sum((1, 2))
    if settings["rate_penalty"] > 0:
        objective = objective + settings["rate_penalty"] * run.rates.square().mean((1, 2, 3))
    return loss, objective


def _record(
    step: int, live: np.ndarray, loss: Tensor, norm: Tensor, learning_rate: float
) -> dict[str, np.ndarray]:
    return {
        "network": live,
        "step": np.full(len(live), step),
        "loss": loss.detach().cpu().double().numpy(),
        "validation_loss": np.full(len(live), np.nan),
        "learning_rate": np.full(len(live), learning_rate),
        "gradient_norm": norm.cpu().double().numpy(),
    }


def _stops(
    ended: np.ndarray,
    stop: Mapping[str, float | None],
    task: Task,
    score: np.ndarray,
    loss: np.ndarray,
) -> np.ndarray:
    """Reasons (network,) to end now; empty for those who go on."""
    if stop["loss"] is not None:
        ended = np.where((ended == "") & (loss <= stop["loss"]), "loss", ended)
    if stop["score"] is not None:
        good = score >= stop["score"] if task.higher_is_better else score <= stop["score"]
        ended = np.where((ended == "") & good, "score", ended)
    return ended


def _progress(step: int, steps: int, row: Mapping[str, np.ndarray]) -> Progress:
    return Progress(
        step, steps, len(row["loss"]), row["loss"].mean(), row["validation_loss"].mean()
    )


def _leave(model: Population, optimizer: torch.optim.Adam, stay: np.ndarray) -> Population:
    """The networks that stay, with the optimiser's memory of them alone."""
    keep = torch.from_numpy(stay.nonzero()[0])
    state = optimizer.state.pop(model.raw)
    smaller = model.select(keep)
    smaller.raw.requires_grad_()
    optimizer.param_groups[0]["params"] = [smaller.raw]
    optimizer.state[smaller.raw] = {
        name: value[keep] if value.ndim == 2 else value for name, value in state.items()
    }
    return smaller
