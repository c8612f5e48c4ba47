"""Batched root finding: states h with F(h) = h, all starts at once.

Every start first takes Newton steps with backtracking. Where these stall,
Levenberg-Marquardt begins again from the start: Newton alone misses high
saddles and cannot find slow points, Levenberg-Marquardt alone is slower and
gets trapped where weights are large. A start leaves the batch as soon as its
fate is known.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics import Box, Driven, Dynamics

# Jacobians of one chunk of starts stay below this. Their factors and products
# need a few times as much.
CHUNK_BYTES = 128 * 2**20
SLOW_GRADIENT = 1e-6
HALVINGS = 6
CHORD_STEPS = 2


class Status(IntEnum):
    """What became of a start."""

    FIXED = 0
    SLOW = 1
    UNCONVERGED = 2


@dataclass(frozen=True)
class Solution:
    """Where every start ended.

    Attributes
    ----------
    states
        (start, unit).
    q
        (start,), half the squared speed, 1/2 |F(h) - h|^2, at ``states``.
    status
        (start,), values of `Status`.
    iterations
        (start,), factorisations spent on the start.
    """

    states: np.ndarray
    q: np.ndarray
    status: np.ndarray
    iterations: np.ndarray


def solve(
    dynamics: Dynamics | Driven,
    starts: Tensor,
    inputs: Tensor | None = None,
    *,
    tolerance: float = 1e-20,
    newton_iterations: int = 30,
    levenberg_iterations: int = 60,
) -> Solution:
    """Seek a fixed point from every start.

    Parameters
    ----------
    dynamics
        The map and its Jacobian; with ``inputs``, the map of state and input.
    starts
        (start, unit), float64.
    inputs
        (start, input), the input that each start is held at.
    tolerance
        A state with q = 1/2 |F(h) - h|^2 below this is a fixed point; it is then
        polished by one more step.
    newton_iterations, levenberg_iterations
        Budget of each start in either phase.

    Returns
    -------
    Solution
        ``FIXED``: q below ``tolerance`` at the state returned. ``SLOW``: a
        stationary point of q that is not one of F (Sussillo & Barak 2013,
        section 2), |A^T r| < 1e-6 |r| with r = F(h) - h and A = J - I.
        ``UNCONVERGED``: neither, within the budget.

    Raises
    ------
    ValueError
        If ``starts`` has another shape or holds values that are not finite.
    """
    if starts.ndim != 2 or starts.shape[1] != dynamics.units:
        raise ValueError(
            f"starts must have shape (start, {dynamics.units}), not {tuple(starts.shape)}"
        )
    finite = torch.isfinite(starts).all(1)
    if not bool(finite.all()):
        first = int((~finite).nonzero()[0])
        raise ValueError(f"starts must be finite; start {first} holds NaN or infinity")
    size = max(1, CHUNK_BYTES // (8 * dynamics.units**2))
    chunks = starts.double().split(size)
    held = [None] * len(chunks) if inputs is None else inputs.double().split(size)
    with torch.no_grad():
        batches = [
            _Batch(dynamics, chunk, tolerance, x) for chunk, x in zip(chunks, held, strict=True)
        ]
        for batch in batches:
            _newton(batch, torch.arange(len(batch.q)), newton_iterations)
            stalled = (batch.status != int(Status.FIXED)).nonzero()[:, 0]
            batch.restart(stalled)
            _levenberg_marquardt(batch, stalled, levenberg_iterations)
            polish = stalled[batch.status[stalled] == int(Status.FIXED)]
            _newton(batch, polish, iterations=1)
    return Solution(
        states=np.concatenate([b.states.numpy() for b in batches]),
        q=np.concatenate([b.q.numpy() for b in batches]),
        status=np.concatenate([b.status.numpy() for b in batches]),
        iterations=np.concatenate([b.iterations.numpy() for b in batches]),
    )


class _Batch:
    """States of one chunk of starts, their residuals, and what is known of their fate."""

    def __init__(
        self,
        dynamics: Dynamics | Driven,
        starts: Tensor,
        tolerance: float,
        inputs: Tensor | None,
    ) -> None:
        self.dynamics = dynamics
        self.inputs = inputs
        self.tolerance = tolerance
        self.identity = torch.eye(dynamics.units, dtype=torch.float64)
        self.box = _boxes(dynamics, inputs)
        everyone = torch.arange(len(starts))
        self.starts = self.clamp(everyone, starts)
        self.states = self.starts.clone()
        self.residuals, self.q = self.evaluate(everyone, self.states)
        self.status = torch.full((len(starts),), int(Status.UNCONVERGED), dtype=torch.int8)
        self.iterations = torch.zeros(len(starts), dtype=torch.int32)

    def held(self, rows: Tensor) -> tuple[Tensor, ...]:
        """Further arguments of the map: the inputs of these rows, where each has its own."""
        return () if self.inputs is None else (self.inputs[rows],)

    def clamp(self, rows: Tensor, states: Tensor) -> Tensor:
        if self.box is None:
            return states
        low, high = self.box if self.inputs is None else (side[rows] for side in self.box)
        return torch.clamp(states, low, high)

    def evaluate(self, rows: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        residuals = self.dynamics.step(states, *self.held(rows)) - states
        q = 0.5 * residuals.square().sum(1)
        return residuals, torch.where(torch.isfinite(q), q, torch.inf)

    def restart(self, rows: Tensor) -> None:
        """Go back: where Newton stalls is often a trap, a minimum of q near no root."""
        self.states[rows] = self.starts[rows]
        self.residuals[rows], self.q[rows] = self.evaluate(rows, self.states[rows])

    def matrices(self, rows: Tensor) -> Tensor:
        """A = J - I at the states of these rows."""
        return self.dynamics.jacobian(self.states[rows], *self.held(rows)) - self.identity

    def move(self, rows: Tensor, states: Tensor, better_than: Tensor) -> Tensor:
        """Go to ``states`` where q there is below ``better_than``; return where it was."""
        residuals, q = self.evaluate(rows, states)
        good = q < better_than
        moved = rows[good]
        self.states[moved], self.residuals[moved], self.q[moved] = (
            states[good],
            residuals[good],
            q[good],
        )
        return good

    def retire_converged(self, rows: Tensor) -> Tensor:
        """Mark fixed points among the rows; return the mask of those still under way."""
        converged = self.q[rows] < self.tolerance
        self.status[rows[converged]] = int(Status.FIXED)
        return ~converged


def _boxes(dynamics: Dynamics | Driven, inputs: Tensor | None) -> Box | None:
    """The invariant box, (unit,) a corner; with inputs one for each start, (start, unit)."""
    if inputs is None:
        return dynamics.box
    distinct, which = torch.unique(inputs, dim=0, return_inverse=True)
    boxes = [dynamics.box(x) for x in distinct]
    if any(box is None for box in boxes):
        return None
    low, high = (torch.stack(corners) for corners in zip(*boxes, strict=True))
    return low[which], high[which]


def _newton(batch: _Batch, rows: Tensor, iterations: int) -> None:
    for _ in range(iterations):
        if len(rows) == 0:
            return
        batch.iterations[rows] += 1
        factors, pivots, _ = torch.linalg.lu_factor_ex(batch.matrices(rows))
        moved = _backtrack(batch, rows, _lu_steps(factors, pivots, batch.residuals[rows]))
        # The factors serve again, as a chord method: near a root this saves
        # one factorisation in two.
        for _ in range(CHORD_STEPS):
            _chord_step(batch, rows, factors, pivots)
        going = batch.retire_converged(rows)
        _chord_step(batch, rows[~going], factors[~going], pivots[~going])
        rows = rows[going & moved]


def _chord_step(batch: _Batch, rows: Tensor, factors: Tensor, pivots: Tensor) -> None:
    """Step with factors from an earlier state, where that lowers q."""
    steps = _lu_steps(factors, pivots, batch.residuals[rows])
    batch.move(rows, batch.clamp(rows, batch.states[rows] + steps), batch.q[rows])


def _lu_steps(factors: Tensor, pivots: Tensor, residuals: Tensor) -> Tensor:
    steps = torch.linalg.lu_solve(factors, pivots, -residuals[..., None])[..., 0]
    # A singular matrix leaves infinities: no step, so that the start stalls.
    return torch.where(torch.isfinite(steps).all(1, keepdim=True), steps, 0.0)


def _backtrack(batch: _Batch, rows: Tensor, steps: Tensor) -> Tensor:
    """Take the longest of the halved steps that lowers q enough; return where one did."""
    moved = torch.zeros(len(rows), dtype=torch.bool)
    scale = 1.0
    for _ in range(HALVINGS + 1):
        todo = (~moved).nonzero()[:, 0]
        if len(todo) == 0:
            break
        here = rows[todo]
        states = batch.clamp(here, batch.states[here] + scale * steps[todo])
        # q falls by 2 * scale * q to first order along a Newton step.
        moved[todo] = batch.move(here, states, (1 - 0.1 * scale) * batch.q[here])
        scale /= 2
    return moved


def _levenberg_marquardt(batch: _Batch, rows: Tensor, iterations: int) -> None:
    """Levenberg-Marquardt with damping mu |r| and the gain-ratio update of mu.

    Damping in proportion to the residual keeps convergence quadratic (Fan &
    Yuan 2005, Computing 74:23); the update is Nielsen's (1999, IMM-REP-1999-05).
    """
    matrices = batch.matrices(rows)
    products = matrices.mT @ matrices
    mu = torch.ones(len(rows), dtype=torch.float64)
    growth = torch.full_like(mu, 2.0)
    for _ in range(iterations):
        norms = batch.residuals[rows].norm(dim=1)
        gradients = (matrices.mT @ batch.residuals[rows][..., None])[..., 0]
        slow = gradients.norm(dim=1) < SLOW_GRADIENT * norms
        going = batch.retire_converged(rows)
        batch.status[rows[going & slow]] = int(Status.SLOW)
        keep = going & ~slow
        if not bool(keep.all()):
            rows, matrices, products = rows[keep], matrices[keep], products[keep]
            mu, growth, norms, gradients = mu[keep], growth[keep], norms[keep], gradients[keep]
        if len(rows) == 0:
            return
        batch.iterations[rows] += 1
        damping = mu * norms
        steps = _damped_steps(products, damping, gradients)
        predicted = 0.5 * (steps * (damping[:, None] * steps - gradients)).sum(1)
        before = batch.q[rows]
        accepted = batch.move(rows, batch.clamp(rows, batch.states[rows] + steps), before)
        gain = (before - batch.q[rows]) / predicted.clamp_min(torch.finfo(torch.float64).tiny)
        shrink = (1 - (2 * gain.clamp(0, 2) - 1) ** 3).clamp(1 / 3, 2)
        mu = torch.where(accepted, mu * shrink, mu * growth)
        growth = torch.where(accepted, 2.0, growth * 2)
        fresh = batch.matrices(rows[accepted])
        matrices[accepted] = fresh
        products[accepted] = fresh.mT @ fresh
    batch.retire_converged(rows)


def _damped_steps(products: Tensor, damping: Tensor, gradients: Tensor) -> Tensor:
    damped = products.clone()
    damped.diagonal(dim1=1, dim2=2).add_(damping[:, None])
    factors, _ = torch.linalg.cholesky_ex(damped)
    steps = -torch.cholesky_solve(gradients[..., None], factors)[..., 0]
    return torch.where(torch.isfinite(steps).all(1, keepdim=True), steps, 0.0)
