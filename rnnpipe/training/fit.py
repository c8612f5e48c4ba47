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

from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.settings.sections.training import StopSettings, TrainingSettings
from rnnpipe.streams import Replicates
from rnnpipe.tasks import Task, Trials
from rnnpipe.training.evaluation import evaluate, summary
from rnnpipe.training.schedule import learning_rates
from rnnpipe.training.state import TrainingState, initial_state, load_checkpoint
from rnnpipe.training.trial_batches import STEPS_PER_DRAW

# Columns of the history by name; `network` is a row of the block.
Rows = dict[str, np.ndarray]


@dataclass(frozen=True)
class Progress:
    """How far training is: step, number of networks that still train, their mean losses."""

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
    snapshots
        The networks at the steps at which they were to be kept.
    """

    networks: NetworkStack
    history: dict[str, np.ndarray]
    summary: dict[str, np.ndarray]
    snapshots: Snapshots


class Checkpoints(Protocol):
    """Keeps the state of training, so that training can be stopped at any moment."""

    def load(self) -> Mapping[str, Any] | None:
        """The state that was kept last; None if there is none."""

    def asked(self) -> bool:
        """Whether training is to stop at once; looked at after every step."""

    def offer(self, step: int, content: Callable[[], Mapping[str, Any]]) -> None:
        """Keep `content()` if it is time to; raises if training is to stop."""


def fit(
    networks: NetworkStack,
    task: Task,
    replicates: Replicates,
    settings: TrainingSettings,
    report: Callable[[Progress], None] | None = None,
    checkpoints: Checkpoints | None = None,
    keep: Sequence[int] = (),
) -> Fit:
    """Train networks.

    Parameters
    ----------
    networks
        Untrained; not changed.
    replicates
        Their cohort and seeds.
    report
        Called every few steps, and at every validation.
    checkpoints
        Offered the state every few steps; training goes on from the state it
        holds, to the same result as without a break.
    keep
        Steps at which to keep all weights; where there are some, those before training and
        those of each network's last step are kept too. Keeping changes nothing else.
    """
    rates = learning_rates(settings)
    validation = _validation_trials(task, replicates, settings)
    kept = None if checkpoints is None else checkpoints.load()
    if kept is None:
        state = initial_state(networks, task, replicates, settings, keep)
    else:
        state = load_checkpoint(networks, task, replicates, settings, kept, keep)
    while state.step < settings.steps and len(state.live):
        pause = _next_pause(state.step, settings, keep)
        rows = _train(state, rates[state.step : pause], checkpoints)
        state.keep()
        if len(state.live) and _validation_is_due(state.step, settings):
            _validate(state, rows, task, [validation[i] for i in state.live], settings.stop)
        if report is not None:
            report(_progress(state.step, settings.steps, rows))
        if checkpoints is not None:
            checkpoints.offer(state.step, state.content)
    state.kept.offer_last(state.step, state.live, state.networks.raw)
    return _result(networks, task, replicates, state)


def _validation_trials(
    task: Task, replicates: Replicates, settings: TrainingSettings
) -> list[Trials]:
    held_out, count = task.part("validation"), settings.validation.trials
    return [held_out.sample(count, rng) for rng in replicates.streams("validation trials")]


def _next_pause(step: int, settings: TrainingSettings, keep: Sequence[int]) -> int:
    """The next step after which there is something to do between steps.

    Trials are drawn anew, networks are validated, weights are kept, or all is done.
    """
    periods = settings.validation.every, STEPS_PER_DRAW
    due = (step - step % period + period for period in periods)
    return min(settings.steps, *due, *(kept for kept in keep if kept > step))


def _validation_is_due(step: int, settings: TrainingSettings) -> bool:
    return step % settings.validation.every == 0 or step == settings.steps


def _train(state: TrainingState, rates: Sequence[float], checkpoints: Checkpoints | None) -> Rows:
    """Take one step at each rate, or fewer if asked to stop; networks that diverge leave.

    Returns
    -------
    dict
        Rows of the history, which `state` holds too.
    """
    first = state.step
    loss, norm = _take_steps(state, rates, checkpoints)
    state.step += len(loss)
    wrong = ~np.isfinite(loss + norm)
    # Number of steps that count: none after the one at which a network diverged.
    counted = np.where(wrong.any(0), wrong.argmax(0) + 1, len(loss))
    step, network = (np.arange(len(loss))[:, None] < counted).nonzero()
    rows = {
        "network": state.live[network],
        "step": first + 1 + step,
        "loss": loss[step, network],
        "validation_loss": np.full(len(step), np.nan),
        "learning_rate": np.asarray(rates)[step],
        "gradient_norm": norm[step, network],
    }
    state.history.append(rows)
    # A diverged network leaves before it is validated, so its best weights are finite.
    state.leave(wrong.any(0), "diverged", first + counted)
    return rows


def _take_steps(
    state: TrainingState, rates: Sequence[float], checkpoints: Checkpoints | None
) -> tuple[np.ndarray, np.ndarray]:
    """Losses and gradient norms, (step, network) each."""
    losses: list[Tensor] = []
    norms: list[Tensor] = []
    for rate in rates:
        loss, norm = state.update(state.batches.draw(), rate)
        losses.append(loss)
        norms.append(norm)
        if checkpoints is not None and checkpoints.asked():
            break
    return tuple(torch.stack(values).cpu().double().numpy() for values in (losses, norms))


def _validate(
    state: TrainingState, rows: Rows, task: Task, trials: Sequence[Trials], stop: StopSettings
) -> None:
    """Write validation losses into `rows`, keep the best weights; networks that may end leave."""
    score, loss = evaluate(state.networks, task, trials)
    latest = (rows["step"] == state.step) & np.isin(rows["network"], state.live)
    rows["validation_loss"][latest] = loss
    state.best.offer(state.live, state.networks.raw.detach(), state.step, score, loss, task)
    reasons = np.full(len(score), "", dtype=object)
    if stop.score is not None:
        reasons[score >= stop.score if task.higher_is_better else score <= stop.score] = "score"
    if stop.loss is not None:
        reasons[loss <= stop.loss] = "loss"
    ended = reasons != ""
    state.kept.offer_last(state.step, state.live[ended], state.networks.raw[ended])
    state.leave(ended, reasons, state.step)


def _progress(step: int, steps: int, rows: Rows) -> Progress:
    now = rows["step"] == step
    loss, validation_loss = rows["loss"][now], rows["validation_loss"][now]
    if not len(loss):  # all have diverged
        return Progress(step, steps, 0, float("nan"), float("nan"))
    return Progress(step, steps, len(loss), loss.mean(), validation_loss.mean())


def _result(
    networks: NetworkStack, task: Task, replicates: Replicates, state: TrainingState
) -> Fit:
    trained = networks.select(range(len(networks)))
    trained.raw.copy_(state.best.raw)
    facts = {
        **summary(networks, trained, task, replicates),
        "stop_reason": state.reasons,
        "steps": state.ends,
        "best_step": state.best.step,
        "validation_loss": state.best.loss,
    }
    history = state.table()
    seeds = np.asarray(replicates.seeds)[history.pop("network")]
    snapshots = state.kept.snapshots(networks, replicates.seeds)
    return Fit(trained, {"seed": seeds, **history}, facts, snapshots)
