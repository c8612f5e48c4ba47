"""Fit a block of networks to a task, all at once, none touching another.

Every network draws its own trials, has its own loss, gradient norm, best
weights and end; they share only the clock. Networks that end leave the batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.stack import NetworkStack
from rnnpipe.streams import stream
from rnnpipe.tasks import Task
from rnnpipe.training.evaluation import evaluate, summary
from rnnpipe.training.schedule import learning_rates
from rnnpipe.training.state import resumed, started
from rnnpipe.training.step import TrainingStep
from rnnpipe.training.trial_batches import STEPS_A_DRAW, TrialBatches


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
    networks
        With their best weights.
    history
        Columns of one row per network and step.
    summary
        Columns of one row per network.
    """

    networks: NetworkStack
    history: dict[str, np.ndarray]
    summary: dict[str, np.ndarray]


class Checkpoints(Protocol):
    """Where training keeps its state, so that it can be stopped at any moment."""

    def load(self) -> Mapping[str, Any] | None:
        """What was kept last, if anything was."""

    def asked(self) -> bool:
        """Whether the work is to stop at once; looked at after every step."""

    def offer(self, step: int, content: Callable[[], Mapping[str, Any]]) -> None:
        """Keep `content()` if it is time to; raises if the work is to stop."""


def fit(
    networks: NetworkStack,
    task: Task,
    seeds: Sequence[int],
    settings: Mapping[str, Any],
    report: Callable[[Progress], None] | None = None,
    checkpoints: Checkpoints | None = None,
) -> Fit:
    """Train networks.

    Parameters
    ----------
    networks
        Untrained, one per seed; not changed.
    settings
        The `training` section of the experiment file, with `train` as a list of parts.
    report
        Called every few steps, and at every validation.
    checkpoints
        Offered the state every few steps; training goes on from what it holds,
        to the same result as without a break.
    """
    steps, every = settings["steps"], settings["validation"]["every"]
    rates = learning_rates(settings["schedule"], settings["learning_rate"], steps)
    batches = TrialBatches(task.part("training"), seeds, settings, networks)
    held_out = task.part("validation")
    validation = [
        held_out.sample(settings["validation"]["trials"], stream(seed, "validation trials"))
        for seed in seeds
    ]
    state = started(networks, settings["amsgrad"], steps)
    if checkpoints is not None and (content := checkpoints.load()) is not None:
        state = resumed(networks, content["state"])
        batches.resume(content["batches"], state.live)
    step = TrainingStep(state.model, settings, state.memory)
    while state.step < steps and len(state.live):
        if step.model is not state.model:  # some have left
            step = TrainingStep(state.model, settings, state.memory)
        first, chunk = state.step, rates[state.step : _next_pause(state.step, steps, every)]
        loss, norm = _run(step, batches, state.live, chunk, checkpoints)
        state.step += len(loss)
        wrong = ~np.isfinite(loss + norm)
        # How many of these steps count: none after the one at which a network diverged.
        counted = np.where(wrong.any(0), wrong.argmax(0) + 1, len(loss))
        rows = _rows(first, state.live, loss, norm, chunk, counted)
        state.history.append(rows)
        # A diverged network leaves before it is validated, so what it kept is finite.
        state.leave(wrong.any(0), "diverged", first + counted)
        if len(state.live) and (state.step % every == 0 or state.step == steps):
            sets = [validation[i] for i in state.live]
            score, validation_loss = evaluate(state.model, task, sets)
            latest = (rows["step"] == state.step) & np.isin(rows["network"], state.live)
            rows["validation_loss"][latest] = validation_loss
            raw = state.model.raw.detach()
            state.best.offer(state.live, raw, state.step, score, validation_loss, task)
            reasons = _stops(settings["stop"], task, score, validation_loss)
            state.leave(reasons != "", reasons, state.step)
        if report is not None:
            report(_progress(state.step, steps, rows))
        if checkpoints is not None:
            checkpoints.offer(
                state.step, lambda: {"state": state.content(), "batches": batches.state()}
            )
    trained = networks.select(range(len(networks)))
    trained.raw.copy_(state.best.raw)
    facts = {
        **summary(networks, trained, task, seeds),
        "stop_reason": state.reasons,
        "steps": state.ends,
        "best_step": state.best.step,
        "validation_loss": state.best.loss,
    }
    return Fit(trained, state.columns(seeds), facts)


def _next_pause(step: int, steps: int, every: int) -> int:
    """The next step after which trials are drawn anew, networks are validated, or all is done."""
    return min(steps, *(step - step % period + period for period in (every, STEPS_A_DRAW)))


def _run(
    step: TrainingStep,
    batches: TrialBatches,
    live: np.ndarray,
    rates: Sequence[float],
    checkpoints: Checkpoints | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Losses and gradient norms (step, network) of one step at each rate, or of fewer if asked."""
    losses: list[Tensor] = []
    norms: list[Tensor] = []
    for rate in rates:
        loss, norm = step(batches.draw(live), rate)
        losses.append(loss)
        norms.append(norm)
        if checkpoints is not None and checkpoints.asked():
            break
    return tuple(torch.stack(values).cpu().double().numpy() for values in (losses, norms))


def _rows(
    first: int,
    live: np.ndarray,
    loss: np.ndarray,
    norm: np.ndarray,
    rates: Sequence[float],
    counted: np.ndarray,
) -> dict[str, np.ndarray]:
    """Rows of the history: of every network as many steps as are counted."""
    step, network = (np.arange(len(loss))[:, None] < counted).nonzero()
    return {
        "network": live[network],
        "step": first + 1 + step,
        "loss": loss[step, network],
        "validation_loss": np.full(len(step), np.nan),
        "learning_rate": np.asarray(rates)[step],
        "gradient_norm": norm[step, network],
    }


def _stops(
    stop: Mapping[str, float | None], task: Task, score: np.ndarray, loss: np.ndarray
) -> np.ndarray:
    """Reasons (network,) to end now; empty for those who go on."""
    reasons = np.full(len(score), "", dtype=object)
    if stop["score"] is not None:
        good = score >= stop["score"] if task.higher_is_better else score <= stop["score"]
        reasons[good] = "score"
    if stop["loss"] is not None:
        reasons[loss <= stop["loss"]] = "loss"
    return reasons


def _progress(step: int, steps: int, rows: Mapping[str, np.ndarray]) -> Progress:
    now = rows["step"] == step
    loss, validation_loss = rows["loss"][now], rows["validation_loss"][now]
    return Progress(step, steps, len(loss), loss.mean(), validation_loss.mean())
