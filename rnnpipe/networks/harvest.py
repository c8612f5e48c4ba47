"""Noise-free trajectories on held-out trials, and their principal components."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.networks.stack import NetworkStack, as_batch
from rnnpipe.tasks import Trials


@dataclass(frozen=True)
class Components:
    """Principal components of one network's states.

    Attributes
    ----------
    variance
        (component,): share of the variance that each explains, descending; 0 if there is none.
    directions
        (component, unit): orthonormal rows.
    mean
        (unit,).
    """

    variance: np.ndarray
    directions: np.ndarray
    mean: np.ndarray


@torch.no_grad()
def trajectories(networks: NetworkStack, trials: Trials) -> tuple[np.ndarray, np.ndarray]:
    """States and outputs of every network on the same trials, without noise, in float64.

    Returns
    -------
    tuple
        States (network, trial, time, unit), outputs (network, trial, time, output).
    """
    networks = networks.double()
    x = as_batch([trials], networks.raw)[0].expand(len(networks), -1, -1, -1)
    states, _, outputs = networks.run(x)
    return states.transpose(1, 2).cpu().numpy(), outputs.transpose(1, 2).cpu().numpy()


def principal_components(states: np.ndarray) -> Components:
    """Principal components of states (..., unit).

    Raises
    ------
    ValueError
        If a state holds a missing or infinite value.
    """
    rows = states.reshape(-1, states.shape[-1])
    if not (good := np.isfinite(rows).all(axis=1)).all():
        raise ValueError(
            f"{int((~good).sum())} of {len(rows)} states hold missing or infinite values, "
            f"the first in row {int(np.argmin(good))}; components need finite states"
        )
    mean = rows.mean(axis=0)
    centred = rows - mean
    values, vectors = np.linalg.eigh(centred.T @ centred)
    kept = min(rows.shape)  # so many states span no more
    variance = np.maximum(values[::-1][:kept], 0)
    directions = upright(vectors.T[::-1][:kept])
    # What rounding leaves of states that do not vary is no variance.
    if np.ptp(rows, axis=0).max() <= 8 * np.finfo(np.float64).eps * np.abs(rows).max():
        variance = np.zeros_like(variance)
    total = variance.sum()
    return Components(variance / total if total > 0 else variance, directions, mean)


def upright(directions: np.ndarray) -> np.ndarray:
    """Turn directions (component, unit) such that the largest entry of each is positive."""
    largest = np.take_along_axis(directions, np.abs(directions).argmax(1)[:, None], axis=1)
    return directions * np.where(largest < 0, -1.0, 1.0)


def participation_ratio(variance: Sequence[float] | np.ndarray) -> float:
    """(Σλ)² / Σλ²: how many components share the variance; NaN if there is none.

    Gao et al. 2017 (bioRxiv 214262), equation 1.
    """
    variance = np.asarray(variance)
    squares = np.square(variance).sum()
    return float(variance.sum() ** 2 / squares) if squares > 0 else float("nan")


def components_for(variance: np.ndarray) -> int | None:
    """Smallest number of components that explain 85 % of the variance or more, if any do."""
    if not np.any(variance):
        return None
    return int(np.searchsorted(np.cumsum(variance), 0.85 - 1e-12) + 1)


def trajectory_chunk(
    states: np.ndarray, outputs: np.ndarray, trials: Trials
) -> dict[str, np.ndarray]:
    """One network's trajectories as columns, one row per trial and time.

    Parameters
    ----------
    states
        (trial, time, unit), of all trials or of the first few.
    outputs
        (trial, time, output), of the same trials.
    """
    kept = slice(len(states))
    trial, time = np.indices(trials.conditions[kept].shape)
    return {
        "trial": trial.ravel(),
        "time": time.ravel(),
        "state": states.reshape(trial.size, -1).astype(np.float32),
        "input": trials.inputs[kept].reshape(trial.size, -1),
        "output": outputs.reshape(trial.size, -1).astype(np.float32),
        "target": trials.targets[kept].reshape(trial.size, -1),
        "condition": trials.conditions[kept].ravel(),
    }
