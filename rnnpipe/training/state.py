"""Where the training of a block stands: all that its next step depends on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.stack import NetworkStack
from rnnpipe.tasks import Task
from rnnpipe.training.step import moments

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
    """What training goes on from.

    Attributes
    ----------
    step
        Steps done.
    live
        Networks that still train, as rows of the block.
    model
        These networks.
    memory
        Adam's memory of them.
    best
        Best weights of the whole block.
    reasons, ends
        (network,), why and at which step each ended; those that train have the last step's.
    history
        Columns of one row per network and step, in pieces.
    """

    step: int
    live: np.ndarray
    model: NetworkStack
    memory: dict[str, Tensor]
    best: Best
    reasons: np.ndarray
    ends: np.ndarray
    history: list[dict[str, np.ndarray]] = field(default_factory=list)

    def leave(self, gone: np.ndarray, reasons: np.ndarray | str, ends: np.ndarray | int) -> None:
        """Let the live networks `gone` (network,) end, and Adam forget them."""
        if not gone.any():
            return
        self.reasons[self.live[gone]] = np.broadcast_to(reasons, gone.shape)[gone]
        self.ends[self.live[gone]] = np.broadcast_to(ends, gone.shape)[gone]
        keep = torch.from_numpy((~gone).nonzero()[0])
        self.live = self.live[~gone]
        self.model = self.model.select(keep)
        self.memory = {
            name: value[keep] if value.ndim == 2 else value for name, value in self.memory.items()
        }

    def columns(self, seeds: Sequence[int]) -> dict[str, np.ndarray]:
        """The history as a table that names seeds."""
        table = {key: np.concatenate([piece[key] for piece in self.history]) for key in HISTORY}
        return {"seed": np.asarray(seeds)[table.pop("network")], **table}

    def content(self) -> dict[str, Any]:
        """All of it as tensors, numbers and lists, from which `resumed` makes it again."""
        table = {
            key: torch.from_numpy(np.concatenate([piece[key] for piece in self.history]))
            for key in HISTORY
        }
        best = {key: torch.from_numpy(getattr(self.best, key)) for key in ("score", "loss", "step")}
        return {
            "step": self.step,
            "live": torch.from_numpy(self.live),
            "raw": self.model.raw.detach().cpu(),
            "memory": {name: value.cpu() for name, value in self.memory.items()},
            "best": {"raw": self.best.raw.cpu(), **best},
            "reasons": self.reasons.tolist(),
            "ends": torch.from_numpy(self.ends),
            "history": table,
        }


def started(networks: NetworkStack, amsgrad: bool, steps: int) -> TrainingState:
    """The state before the first of `steps` steps; `networks` are not changed."""
    n = len(networks)
    return TrainingState(
        step=0,
        live=np.arange(n),
        model=networks.select(range(n)),
        memory=moments(networks.raw, amsgrad),
        best=Best(
            networks.raw.detach().clone(),
            np.full(n, np.nan),
            np.full(n, np.nan),
            np.zeros(n, dtype=int),
        ),
        reasons=np.full(n, "steps", dtype=object),
        ends=np.full(n, steps),
    )


def resumed(networks: NetworkStack, content: Mapping[str, Any]) -> TrainingState:
    """The state that `TrainingState.content` was taken of, of the same networks."""
    device = networks.raw.device
    model = networks.select(content["live"])
    model.raw.copy_(content["raw"])
    best = content["best"]
    return TrainingState(
        step=content["step"],
        live=content["live"].numpy(),
        model=model,
        memory={name: value.to(device) for name, value in content["memory"].items()},
        best=Best(
            best["raw"].to(device), *(best[key].numpy() for key in ("score", "loss", "step"))
        ),
        reasons=np.array(content["reasons"], dtype=object),
        ends=content["ends"].numpy(),
        history=[{key: column.numpy() for key, column in content["history"].items()}],
    )
