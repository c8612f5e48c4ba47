"""How well trained networks do: loss and score on their own trials, silent units, violations."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.constraints import spectral_radius, violations
from rnnpipe.networks.stack import NetworkStack, as_batch
from rnnpipe.streams import Replicates, stream
from rnnpipe.tasks import Task, Trials

TEST_TRIALS = 256
# A unit whose rate never leaves its mean by more than this is silent.
SILENT = 1e-3


def masked_mse(outputs: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """Weighted mean squared error of each network, (network,)."""
    dims = tuple(range(1, outputs.ndim))
    return ((outputs - targets).square() * mask).sum(dims) / mask.sum(dims)


@torch.no_grad()
def evaluate(
    networks: NetworkStack, task: Task, trials: Sequence[Trials]
) -> tuple[np.ndarray, np.ndarray]:
    """Score and loss (network,) of networks that run without noise, each on its own trials."""
    score: list[float] = []
    loss: list[np.ndarray] = []
    for rows in networks.groups(trials[0].conditions.size):
        own = [trials[row] for row in rows]
        x, y, mask = as_batch(own, networks.raw)
        outputs = networks.select(rows).respond(x).outputs
        loss.append(masked_mse(outputs, y, mask).cpu().double().numpy())
        score += [
            task.score(o, t) if np.isfinite(o).all() else np.nan
            for o, t in zip(outputs.transpose(1, 2).cpu().numpy(), own, strict=True)
        ]
    return np.array(score), np.concatenate(loss)


@torch.no_grad()
def silent_units(networks: NetworkStack, trials: Sequence[Trials]) -> np.ndarray:
    """Number (network,) of units whose rate does not leave its mean on the network's trials."""
    counts = []
    for rows in networks.groups(trials[0].conditions.size):
        x = as_batch([trials[row] for row in rows], networks.raw)[0]
        rates = networks.select(rows).respond(x).rates.flatten(1, 2)
        rates -= rates.mean(1, keepdim=True)
        counts.append((rates.abs_().amax(1) < SILENT).sum(1).cpu().numpy())
    return np.concatenate(counts)


def scored_trials(task: Task, name: str) -> Trials:
    """Draw the trials on which all networks of a task, of this name, are scored."""
    return task.part("test").sample(TEST_TRIALS, stream(0, "test trials", name))


def summary(
    start: NetworkStack, trained: NetworkStack, task: Task, replicates: Replicates
) -> dict[str, np.ndarray]:
    """Columns of the training table (network,) that do not depend on how training ended."""
    networks = range(len(replicates))
    trials = [scored_trials(task, replicates.task)] * len(networks)
    score, loss = evaluate(trained, task, trials)
    with torch.no_grad():
        before = start.weights().recurrent.double().cpu()
        after = trained.weights().recurrent.double().cpu()
    candidate = trained.cell.candidate
    broken = [violations(after[i].numpy(), trained.connectivity(i), candidate) for i in networks]
    return {
        "seed": np.asarray(replicates.seeds),
        "score": score,
        "test_loss": loss,
        "spectral_radius_start": _spectral_radii(start.candidate(before)),
        "spectral_radius": _spectral_radii(trained.candidate(after)),
        "silent_units": silent_units(trained, trials),
        "sign_violations": np.array([signs for signs, _ in broken]),
        "mask_violations": np.array([masks for _, masks in broken]),
    }


def _spectral_radii(recurrent: Tensor) -> np.ndarray:
    return np.array([spectral_radius(w) for w in recurrent.numpy()])
