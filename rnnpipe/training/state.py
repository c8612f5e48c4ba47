"""The state of the training of a block: all that its next step depends on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.stack import NetworkStack
from rnnpipe.settings.sections.training import TrainingSettings
from rnnpipe.streams import Replicates
from rnnpipe.tasks import Task
from rnnpipe.training.kept import Kept
from rnnpipe.training.step import TrainingStep
from rnnpipe.training.trial_batches import TrialBatches

HISTORY = ("network", "step", "loss", "validation_loss", "learning_rate", "gradient_norm")


@dataclass
class Best:
    """Best weights so far of every network, by validation score, then loss.

    Attributes
    ----------
    raw
        (network, parameter).
    score, loss, step
        (network,); NaN, NaN and 0 before the first validation.
    """

    raw: Tensor
    score: np.ndarray
    loss: np.ndarray
    step: np.ndarray

    def offer(
        self,
        networks: np.ndarray,
        raw: Tensor,
        step: int,
        score: np.ndarray,
        loss: np.ndarray,
        task: Task,
    ) -> None:
        """Keep the rows of `raw` whose score is better, or as good at a lower loss."""
        direction = 1 if task.higher_is_better else -1
        for row, network in enumerate(networks):
            gain = direction * (score[row] - self.score[network])
            tie = gain == 0 and loss[row] < self.loss[network]
            if np.isfinite(score[row]) and (np.isnan(gain) or gain > 0 or tie):
                self.raw[network] = raw[row]
                self.score[network], self.loss[network] = score[row], loss[row]
                self.step[network] = step


@dataclass
class TrainingState:
    """The state of training between two steps.

    Attributes
    ----------
    step
        Number of steps done.
    live
        Networks that still train, as rows of the block.
    update
        The step of these networks: their weights and Adam's memory.
    batches
        The trials of these networks.
    best
        Best weights of the whole block.
    kept
        Weights at chosen steps.
    reasons, ends
        (network,), why and after which step each network ended; the last step while it trains.
    history
        Columns of one row per network and step, in pieces.
    """

    step: int
    live: np.ndarray
    update: TrainingStep
    batches: TrialBatches
    best: Best
    kept: Kept
    reasons: np.ndarray
    ends: np.ndarray
    history: list[dict[str, np.ndarray]] = field(default_factory=list)

    @property
    def networks(self) -> NetworkStack:
        """The networks that still train."""
        return self.update.networks

    def keep(self) -> None:
        """Keep the weights of the live networks if this step is chosen."""
        self.kept.offer(self.step, self.live, self.networks.raw)

    def leave(self, gone: np.ndarray, reasons: np.ndarray | str, ends: np.ndarray | int) -> None:
        """Let the live networks `gone` (network,) end, and drop all that belongs to them."""
        if not gone.any():
            return
        self.reasons[self.live[gone]] = np.broadcast_to(reasons, gone.shape)[gone]
        self.ends[self.live[gone]] = np.broadcast_to(ends, gone.shape)[gone]
        rows = (~gone).nonzero()[0]
        self.live = self.live[rows]
        self.update = self.update.select(torch.from_numpy(rows))
        self.batches.keep(rows)

    def table(self) -> dict[str, np.ndarray]:
        """The history as whole columns."""
        return {key: np.concatenate([piece[key] for piece in self.history]) for key in HISTORY}

    def content(self) -> dict[str, Any]:
        """The state as tensors, numbers and lists, from which `load_checkpoint` restores it."""
        best = {key: torch.from_numpy(getattr(self.best, key)) for key in ("score", "loss", "step")}
        return {
            "step": self.step,
            "live": torch.from_numpy(self.live),
            "raw": self.networks.raw.detach().cpu(),
            "memory": {name: value.cpu() for name, value in self.update.memory.items()},
            "batches": self.batches.content(),
            "best": {"raw": self.best.raw.cpu(), **best},
            "kept": self.kept.content(),
            "reasons": self.reasons.tolist(),
            "ends": torch.from_numpy(self.ends),
            "history": {key: torch.from_numpy(column) for key, column in self.table().items()},
        }


def initial_state(
    networks: NetworkStack,
    task: Task,
    replicates: Replicates,
    settings: TrainingSettings,
    keep: Sequence[int] = (),
) -> TrainingState:
    """The state before the first step; `networks` are not changed."""
    n = len(networks)
    state = TrainingState(
        step=0,
        live=np.arange(n),
        update=TrainingStep(networks.select(range(n)), settings),
        batches=TrialBatches(task.part("training"), replicates, settings.trials, networks),
        best=Best(
            networks.raw.detach().clone(),
            np.full(n, np.nan),
            np.full(n, np.nan),
            np.zeros(n, dtype=int),
        ),
        kept=Kept(keep),
        reasons=np.full(n, "steps", dtype=object),
        ends=np.full(n, settings.steps),
    )
    state.keep()
    return state


def load_checkpoint(
    networks: NetworkStack,
    task: Task,
    replicates: Replicates,
    settings: TrainingSettings,
    content: Mapping[str, Any],
    keep: Sequence[int] = (),
) -> TrainingState:
    """The state that `TrainingState.content` was taken from, with the same other arguments."""
    device, best, live = networks.raw.device, content["best"], content["live"]
    training = networks.select(live)
    training.raw.copy_(content["raw"])
    memory = {name: value.to(device) for name, value in content["memory"].items()}
    kept = replicates.select(live.tolist())
    batches = TrialBatches(task.part("training"), kept, settings.trials, training)
    if len(kept):
        batches.load(content["batches"])
    return TrainingState(
        step=content["step"],
        live=live.numpy(),
        update=TrainingStep(training, settings, memory),
        batches=batches,
        best=Best(
            best["raw"].to(device), *(best[key].numpy() for key in ("score", "loss", "step"))
        ),
        kept=Kept(keep, content["kept"]),
        reasons=np.array(content["reasons"], dtype=object),
        ends=content["ends"].numpy(),
        history=[{key: column.numpy() for key, column in content["history"].items()}],
    )
