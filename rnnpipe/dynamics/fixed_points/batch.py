"""Starts during the search: states, residuals, and the outcome of each start."""

from enum import IntEnum

import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Box, Driven, Dynamics, Linear

# Bytes of the Jacobians of one chunk; factors, products and copies take a few
# times as much. Measured at 64 to 256 units: chunks of 4 to 32 MB, which stay
# in the cache and in memory already mapped, are 20 to 30 % faster than 128 MB.
CHUNK_BYTES = 16 * 2**20
# A start arrives at a known point if its last step was shorter than so many times the
# length that a last step may have, and ended nearer to the point than so many times that
# length, and than this share of the step.
NEAR, CLOSE, LEADS = 1000.0, 100.0, 0.1
# A residual of so many roundings of its state is zero.
ROUNDINGS = 64 * torch.finfo(torch.float64).eps


class Status(IntEnum):
    """The outcome of a start."""

    FIXED = 0
    SLOW = 1
    UNCONVERGED = 2


def at_once(units: int) -> int:
    """Return the number of states whose float64 Jacobians make up one chunk, at least 1."""
    return max(1, CHUNK_BYTES // (8 * units**2))


class Batch:
    """States and residuals of starts, and the outcome of each start."""

    def __init__(
        self,
        dynamics: Dynamics | Driven,
        starts: Tensor,
        tolerance: float,
        inputs: Tensor | None,
        distance: float = torch.inf,
        known: Tensor | None = None,
    ) -> None:
        self.dynamics = dynamics
        self.inputs = inputs
        self.tolerance, self.distance = tolerance, distance
        self.identity = torch.eye(dynamics.units, dtype=torch.float64, device=starts.device)
        self.box = _boxes(dynamics, inputs)
        everyone = torch.arange(len(starts), device=starts.device)
        self.starts = self.clamp(everyone, starts)
        self.states = self.starts.clone()
        self.residuals, self.q = self.evaluate(everyone, self.states)
        bounded = known is not None and self.distance < torch.inf
        self.known = known if bounded else self.states[:0]
        self.status = torch.full_like(everyone, int(Status.UNCONVERGED), dtype=torch.int8)

    def held(self, rows: Tensor) -> tuple[Tensor, ...]:
        """Further arguments of the map: the inputs of these rows, if each start has its own."""
        return () if self.inputs is None else (self.inputs[rows],)

    def clamp(self, rows: Tensor, states: Tensor) -> Tensor:
        """States (row, unit) of some starts, moved into the box."""
        if self.box is None:
            return states
        low, high = self.box if self.inputs is None else (side[rows] for side in self.box)
        return torch.clamp(states, low, high)

    def evaluate(self, rows: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        """F(h) - h (row, unit) of states of some starts, and q (row,): infinite if not finite."""
        residuals = self.dynamics.step(states, *self.held(rows)) - states
        q = 0.5 * residuals.square().sum(1)
        return residuals, torch.where(torch.isfinite(q), q, torch.inf)

    def restart(self, rows: Tensor) -> None:
        """Return to the starts; Newton often stalls at a minimum of q that is near no root."""
        self.states[rows] = self.starts[rows]
        self.residuals[rows], self.q[rows] = self.evaluate(rows, self.states[rows])

    def matrices(self, rows: Tensor) -> Tensor:
        """Matrices A = J - I at the states of these rows."""
        return self.dynamics.jacobian(self.states[rows], *self.held(rows)) - self.identity

    def linearized(self, rows: Tensor) -> Linear:
        """The derivative of the map at the states of these rows."""
        return self.dynamics.linearized(self.states[rows], *self.held(rows))

    def move(self, rows: Tensor, states: Tensor, better_than: Tensor) -> Tensor:
        """Move to ``states`` where that lowers q below ``better_than``; return where it did."""
        residuals, q = self.evaluate(rows, states)
        good = q < better_than
        moved = rows[good]
        self.states[moved], self.residuals[moved], self.q[moved] = (
            states[good],
            residuals[good],
            q[good],
        )
        return good

    def retire_converged(self, rows: Tensor, steps: Tensor) -> Tensor:
        """Mark fixed points among the rows; return the mask of those still under way.

        At a fixed point q is below the tolerance, and the last step (row, unit) was
        shorter than the distance within which points are one: where two points
        are about to merge, q alone is small far from either.
        """
        rounding = 0.5 * ROUNDINGS**2 * (1 + self.states[rows].square().sum(1))
        settled = (steps.norm(dim=1) < self.distance) | (self.q[rows] < rounding)
        converged = (self.q[rows] < self.tolerance) & settled
        self.status[rows[converged]] = int(Status.FIXED)
        return ~(converged | self._retire_arrived(rows, steps))

    def _retire_arrived(self, rows: Tensor, steps: Tensor) -> Tensor:
        """Move rows whose steps lead to a known point to that point; return the mask of these."""
        lengths = steps.norm(dim=1)
        arrived = (lengths > 0) & (lengths < NEAR * self.distance)
        if len(self.known) == 0 or not bool(arrived.any()):
            return torch.zeros_like(arrived)
        near = arrived.nonzero()[:, 0]
        away, point = torch.cdist(self.states[rows[near]], self.known).min(1)
        there = away < torch.clamp(LEADS * lengths[near], max=CLOSE * self.distance)
        arrived[near[~there]] = False
        ends = rows[near[there]]
        self.states[ends] = self.known[point[there]]
        self.residuals[ends], self.q[ends] = self.evaluate(ends, self.states[ends])
        self.status[ends] = int(Status.FIXED)
        return arrived


def _boxes(dynamics: Dynamics | Driven, inputs: Tensor | None) -> Box | None:
    """Corners (unit,) of the invariant box; with inputs, (start, unit), a box per start."""
    if inputs is None:
        return dynamics.box
    distinct, which = torch.unique(inputs, dim=0, return_inverse=True)
    boxes = [dynamics.box(x) for x in distinct]
    if any(box is None for box in boxes):
        return None
    low, high = (torch.stack(corners) for corners in zip(*boxes, strict=True))
    return low[which], high[which]


def finite(steps: Tensor) -> Tensor:
    """No step where a singular matrix leaves infinities, so that the start stalls."""
    return torch.where(torch.isfinite(steps).all(1, keepdim=True), steps, 0.0)
