"""Maps whose slow curves are known in closed form."""

from collections.abc import Callable

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


def circle_map(
    move: Callable[[Tensor], tuple[Tensor, Tensor]],
    contraction: float,
    units: int,
    across: Callable[[Tensor], tuple[Tensor, Tensor]] | None = None,
) -> tuple[Dynamics, Tensor]:
    """An invariant unit circle in a random plane, with its Jacobian in polar coordinates.

    Angles change by `move`; the distance of the radius from 1 is multiplied by `across`, both
    functions of the angle that return their derivative too; all else by `contraction`.
    """
    basis = rotated(units)

    def polar(h: Tensor) -> tuple[Tensor, ...]:
        y = h @ basis
        angle, radius = torch.atan2(y[:, 1], y[:, 0]), torch.hypot(y[:, 0], y[:, 1])
        moved, slope = move(angle)
        rate, bend = across(angle) if across else (contraction + 0 * angle, 0 * angle)
        out, away = 1 + rate * (radius - 1), radius - 1
        return y, angle, radius, angle + moved, out, 1 + slope, rate, bend * away

    def step(h: Tensor) -> Tensor:
        y, _, _, angle, radius, *_ = polar(h)
        return torch.cat([radius[:, None] * _outward(angle), contraction * y[:, 2:]], 1) @ basis.mT

    def jacobian(h: Tensor) -> Tensor:
        _, angle, radius, after, out, turn, rate, bend = polar(h)
        outward, along = _outward(angle), _outward(angle + np.pi / 2) / radius[:, None]
        rows = rate[:, None] * outward + bend[:, None] * along, (out * turn)[:, None] * along
        columns = _outward(after), _outward(after + np.pi / 2)
        full = contraction * torch.eye(units, dtype=h.dtype).repeat(len(h), 1, 1)
        full[:, :2, :2] = sum(
            column[:, :, None] * row[:, None] for column, row in zip(columns, rows, strict=True)
        )
        return basis @ full @ basis.mT

    return Dynamics(step, jacobian, units), basis


def _outward(angle: Tensor) -> Tensor:
    return torch.stack([torch.cos(angle), torch.sin(angle)], dim=1)


def ring_map(units: int = 6, drift: float = 0.0, waves: int = 3, contraction: float = 0.5):
    """An attracting unit circle in a random plane; angles move by drift * sin(waves * angle)."""
    return circle_map(
        lambda angle: (
            drift * torch.sin(waves * angle),
            drift * waves * torch.cos(waves * angle),
        ),
        contraction,
        units,
    )


def sharp_saddle_map(
    growth: float, contraction: float, growing: float = 0.0, turn: float = 0.0, units: int = 6
):
    """An invariant unit circle with a saddle, at angle 0, and a stable point opposite.

    At the saddle the mode along the circle has lambda = 1 + growth, all round those across it have
    lambda = contraction, but `growing` more at angle 1/2; elsewhere angles move a tenth as fast.
    A `turn` is added to every angle: a large one leaves no point at rest.
    """

    def move(angle: Tensor) -> tuple[Tensor, Tensor]:
        sine, cosine = torch.sin(angle), torch.cos(angle)
        slope = cosine / (1.1 - cosine) - (sine / (1.1 - cosine)) ** 2
        return turn + 0.1 * growth * sine / (1.1 - cosine), 0.1 * growth * slope

    def across(angle: Tensor) -> tuple[Tensor, Tensor]:
        bump = growing * torch.exp(-((angle - 0.5) ** 2) / 0.02)
        return contraction + bump, -100 * (angle - 0.5) * bump

    return circle_map(move, contraction, units, across)


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


def arc_map(degrees: float, drift: float = 0.0, units: int = 6, contraction: float = 0.5):
    """An attracting arc of the unit circle, middle at angle 0; angles move by drift * sin(3 angle).

    Beyond the arc they are drawn back to its ends.
    """
    half = np.radians(degrees) / 2

    def move(angle: Tensor) -> tuple[Tensor, Tensor]:
        beyond = torch.relu(angle.abs() - half)
        moved = drift * torch.sin(3 * angle) - 0.5 * torch.sign(angle) * beyond
        return moved, 3 * drift * torch.cos(3 * angle) - 0.5 * torch.sign(beyond)

    return circle_map(move, contraction, units)


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
