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


def scaling_map(*rates: float) -> Dynamics:
    """h' = rate h, unit by unit."""
    diagonal = torch.tensor(rates, dtype=torch.float64)
    matrix = torch.diag(diagonal)
    return Dynamics(lambda h: h * diagonal, lambda h: matrix.expand(len(h), -1, -1), len(diagonal))


def arc_map(degrees: float, units: int = 6, contraction: float = 0.5):
    """An attracting arc of the unit circle, middle at angle 0, whose states rest."""
    basis, half = rotated(units), np.radians(degrees) / 2

    def step(h: Tensor) -> Tensor:
        y = basis.mT @ h
        angle = torch.atan2(y[1], y[0])
        angle = angle - 0.5 * torch.sign(angle) * torch.relu(angle.abs() - half)
        radius = 1 + contraction * (torch.hypot(y[0], y[1]) - 1)
        plane = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)])
        return basis @ torch.cat([plane, contraction * y[2:]])

    return by_autograd(step, units), basis


def torus_map(drift: float = 0.0, units: int = 6, contraction: float = 0.5):
    """Two attracting unit circles, whose angles move by drift * sin(3 and 2 times the angle)."""
    basis = rotated(units)

    def circle(x: Tensor, y: Tensor, waves: int) -> Tensor:
        angle = torch.atan2(y, x)
        angle = angle + drift * torch.sin(waves * angle)
        radius = 1 + contraction * (torch.hypot(x, y) - 1)
        return torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)])

    def step(h: Tensor) -> Tensor:
        y = basis.mT @ h
        circles = [circle(y[0], y[1], 3), circle(y[2], y[3], 2)]
        return basis @ torch.cat([*circles, contraction * y[4:]])

    return by_autograd(step, units), basis


def on_torus(basis: Tensor, count: int, seed: int = 0) -> np.ndarray:
    """States (state, unit) near the two circles of `torus_map`."""
    first, second = around_ring(basis, count, 0.0, seed), around_ring(basis, count, 0.0, seed + 1)
    other = second @ basis.numpy()
    return first + np.roll(other, 2, axis=1) @ basis.numpy().T


def line_through_saddles(gain: float = 1.3, drift: float = 5e-4) -> Dynamics:
    """A slow coordinate with beads at -1, 0 and 1 beside a memory of one bit, h' = tanh(gain h).

    Where the bit is 0 the slow line runs through saddles of |lambda| = gain; at both values of
    the bit it attracts.
    """

    def step(h: Tensor) -> Tensor:
        slow = h[:, 0] + drift * torch.sin(np.pi * h[:, 0])
        return torch.stack([slow, torch.tanh(gain * h[:, 1]), 0.3 * h[:, 2]], dim=1)

    def jacobian(h: Tensor) -> Tensor:
        slow = 1 + drift * np.pi * torch.cos(np.pi * h[:, 0])
        bit = gain * (1 - torch.tanh(gain * h[:, 1]) ** 2)
        return torch.diag_embed(torch.stack([slow, bit, torch.full_like(bit, 0.3)], dim=1))

    return Dynamics(step, jacobian, 3)
