"""Maps whose slow curves are known in closed form."""

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Dynamics


def by_autograd(step, units: int) -> Dynamics:
    """A map of single states, applied to batches, with its Jacobian by autograd."""
    batched = torch.func.vmap(step)
    return Dynamics(batched, torch.func.vmap(torch.func.jacrev(step)), units)


def rotated(units: int, seed: int = 0) -> Tensor:
    """A random orthogonal change of coordinates."""
    q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((units, units)))
    return torch.from_numpy(q)


def ring_map(units: int = 6, drift: float = 0.0, waves: int = 3, contraction: float = 0.5):
    """An attracting unit circle in a random plane; angles move by drift * sin(waves * angle)."""
    basis = rotated(units)

    def step(h: Tensor) -> Tensor:
        y = basis.mT @ h
        angle = torch.atan2(y[1], y[0])
        angle = angle + drift * torch.sin(waves * angle)
        radius = 1 + contraction * (torch.hypot(y[0], y[1]) - 1)
        plane = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)])
        return basis @ torch.cat([plane, contraction * y[2:]])

    return by_autograd(step, units), basis


def line_map(units: int = 5, contraction: float = 0.6):
    """Points of the segment from -1 to 1 along a random direction rest, all else falls on it."""
    basis = rotated(units, seed=1)

    def step(h: Tensor) -> Tensor:
        y = basis.mT @ h
        return basis @ torch.cat([y[:1].clamp(-1, 1), contraction * y[1:]])

    return by_autograd(step, units), basis


def around_ring(basis: Tensor, count: int, noise: float, seed: int = 0) -> np.ndarray:
    """States (state, unit) near the unit circle of the first two coordinates."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(-np.pi, np.pi, count)
    y = noise * rng.standard_normal((count, len(basis)))
    y[:, 0] += np.cos(angle)
    y[:, 1] += np.sin(angle)
    return y @ basis.numpy().T
