"""Batched root finding: states h with F(h) = h, all starts at once.

Every start first takes Newton steps with backtracking. Where these stall,
Levenberg-Marquardt begins again from the start: Newton alone misses high
saddles and cannot find slow points, Levenberg-Marquardt alone is slower and
gets trapped where weights are large. A start leaves the batch as soon as its
fate is known. Levenberg-Marquardt first takes a sample of the stalled starts,
and the others if a point is found: from random states of the box of a gated
cell it is not (256 of a trained GRU of 64 units: 245 stall, and none of these
found a point in ten times Newton's time). From random networks of 96 tanh
units, gain 3, it finds nearly all; nine tenths of them within 40 steps.

A factorisation costs units^3. From 128 state variables on, the steps of
Newton's method are those of GMRES on Jacobian-vector products, all starts in
one batch, in Krylov spaces that grow from 8 to 32 dimensions: at first a step
need not be exact, and in the end few starts are left. Measured on trained
flip-flops, from 256 mixtures (128 at 512 units), the dense steps take times as
long: tanh 1.2 at 64 units, 1.9 at 128, 3.0 at 256, 5.2 at 512; CTRNN 0.5, 1.2,
1.6, 2.1; GRU 0.9, 1.6, 2.3 at 64 to 256. Spaces of 12, 16 and 24 dimensions
throughout were slower, and those of 12 and 16 left starts behind.

Dense LU, with chord steps, was measured at 64 to 512 units beside Broyden's
low-rank updates between factorisations, several steps for every factorisation
of Levenberg-Marquardt, handing its starts back to Newton near a root, and
giving Newton up sooner: none of these saved more than a tenth at every size,
and Levenberg-Marquardt alone lost points of random networks.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.batch import Batch, Status, at_once
from rnnpipe.dynamics.fixed_points.krylov import Product, gmres
from rnnpipe.dynamics.maps import Driven, Dynamics, Linear

HALVINGS = 6
# Newton steps with factors that are not fresh, as many as pay. A factorisation
# costs units^3, a step units^2.
CHORD_STEPS = 2
CHORD_STEPS_LARGE = 5
LARGE = 192
# From so many state variables on, of a map that gives products, Newton's steps are GMRES's.
KRYLOV = 128
# Dimensions of the first Krylov space, further ones per step, and the most.
KRYLOV_SPACE = (8, 2, 32)
# Bytes of the Krylov spaces of one batch; larger batches are faster.
KRYLOV_BYTES = 64 * 2**20
# Of the starts on which Newton stalls, so many are tried by Levenberg-Marquardt
# before the others are; fewer where their Jacobians make up a chunk.
TRIAL = 32
# A stationary point of q has a gradient below this, relative to the residual.
SLOW_GRADIENT = 1e-6


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
    """

    states: np.ndarray
    q: np.ndarray
    status: np.ndarray


def solve(
    dynamics: Dynamics | Driven,
    starts: Tensor,
    inputs: Tensor | None = None,
    *,
    tolerance: float = 1e-20,
    distance: float = np.inf,
    newton_iterations: int = 30,
    levenberg_iterations: int = 40,
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
    distance
        Within which two points are one, in the units of the states: the last
        step to a fixed point is shorter.
    newton_iterations, levenberg_iterations
        Budget of each start in either phase. If the second brings no point from the
        first 32 of the stalled starts, spread evenly among them, it is not tried on others.

    Returns
    -------
    Solution
        ``FIXED``: q below ``tolerance`` at the state returned, and the last step to
        it shorter than ``distance``. ``SLOW``: a
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
    x = None if inputs is None else inputs.double()
    with torch.no_grad():
        batch = Batch(dynamics, starts.double(), tolerance, x, distance)
        everyone = torch.arange(len(starts), device=starts.device)
        size = at_once(dynamics.units)
        if dynamics.linear is not None and dynamics.units >= KRYLOV:
            for rows in everyone.split(_krylov_at_once(dynamics.units)):
                _newton_krylov(batch, rows, newton_iterations)
        else:
            for rows in everyone.split(size):
                _newton(batch, rows, newton_iterations)
        stalled = (batch.status != int(Status.FIXED)).nonzero()[:, 0]
        batch.restart(stalled)
        _second_chance(batch, stalled, size, levenberg_iterations)
    return Solution(
        states=batch.states.cpu().numpy(),
        q=batch.q.cpu().numpy(),
        status=batch.status.cpu().numpy(),
    )


def _second_chance(batch: Batch, rows: Tensor, size: int, iterations: int) -> None:
    """Seek from the starts of these rows by Levenberg-Marquardt; from few if that is in vain."""
    trial = torch.zeros_like(rows, dtype=torch.bool)
    trial[:: max(1, -(-len(rows) // min(TRIAL, size)))] = True
    for part in (rows[trial], rows[~trial]):
        for few in part.split(size):
            _levenberg_marquardt(batch, few, iterations)
            _newton(batch, few[batch.status[few] == int(Status.FIXED)], iterations=1)
        if not bool((batch.status[part] == int(Status.FIXED)).any()):
            return


def _krylov_at_once(units: int) -> int:
    """Return the number of starts whose largest Krylov spaces make up one batch."""
    return max(1, KRYLOV_BYTES // (8 * units * (KRYLOV_SPACE[-1] + 1)))


def _newton_krylov(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Take Newton steps by GMRES, with backtracking, on these rows until all converge or stall."""
    first, more, most = KRYLOV_SPACE
    for iteration in range(iterations):
        if len(rows) == 0:
            return
        product = _shifted(batch.linearized(rows))
        space = min(first + more * iteration, most)
        steps = _finite(gmres(product, -batch.residuals[rows], space))
        moved = _backtrack(batch, rows, steps)
        rows = rows[batch.retire_converged(rows, steps) & moved]


def _shifted(linear: Linear) -> Product:
    """A v = J v - v of one direction per state."""
    return lambda vectors: linear(vectors[:, None])[:, 0] - vectors


def _newton(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Take Newton steps with backtracking on these rows until all converge or stall."""
    chord_steps = CHORD_STEPS if batch.dynamics.units <= LARGE else CHORD_STEPS_LARGE
    for _ in range(iterations):
        if len(rows) == 0:
            return
        factors, pivots, _ = torch.linalg.lu_factor_ex(batch.matrices(rows))
        moved = _backtrack(batch, rows, _lu_steps(factors, pivots, batch.residuals[rows]))
        # Near a root, factors that serve again save one factorisation in two.
        for _ in range(chord_steps):
            steps = _chord_step(batch, rows, factors, pivots)
        going = batch.retire_converged(rows, steps)
        _chord_step(batch, rows[~going], factors[~going], pivots[~going])
        rows = rows[going & moved]


def _chord_step(batch: Batch, rows: Tensor, factors: Tensor, pivots: Tensor) -> Tensor:
    """Take a step with factors from an earlier state, if that lowers q; return the step."""
    steps = _lu_steps(factors, pivots, batch.residuals[rows])
    batch.move(rows, batch.clamp(rows, batch.states[rows] + steps), batch.q[rows])
    return steps


def _lu_steps(factors: Tensor, pivots: Tensor, residuals: Tensor) -> Tensor:
    return _finite(torch.linalg.lu_solve(factors, pivots, -residuals[..., None])[..., 0])


def _finite(steps: Tensor) -> Tensor:
    """No step where a singular matrix leaves infinities, so that the start stalls."""
    return torch.where(torch.isfinite(steps).all(1, keepdim=True), steps, 0.0)


def _backtrack(batch: Batch, rows: Tensor, steps: Tensor) -> Tensor:
    """Take the longest of the halved steps that lowers q enough; return where one did."""
    moved = torch.zeros_like(rows, dtype=torch.bool)
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


def _levenberg_marquardt(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Take Levenberg-Marquardt steps, with damping mu |r| and the gain-ratio update of mu.

    Damping in proportion to the residual keeps convergence quadratic (Fan &
    Yuan 2005, Computing 74:23); the update is Nielsen's (1999, IMM-REP-1999-05).
    """
    matrices = batch.matrices(rows)
    products = matrices.mT @ matrices
    mu = torch.ones_like(rows, dtype=torch.float64)
    growth = torch.full_like(mu, 2.0)
    steps = torch.full_like(batch.states[rows], torch.inf)
    for _ in range(iterations):
        norms = batch.residuals[rows].norm(dim=1)
        gradients = (matrices.mT @ batch.residuals[rows][..., None])[..., 0]
        slow = gradients.norm(dim=1) < SLOW_GRADIENT * norms
        going = batch.retire_converged(rows, steps)
        batch.status[rows[going & slow]] = int(Status.SLOW)
        # Where the map is not finite, no step is either.
        keep = going & ~slow & torch.isfinite(norms)
        if not bool(keep.all()):
            rows, matrices, products = rows[keep], matrices[keep], products[keep]
            mu, growth, norms, gradients = mu[keep], growth[keep], norms[keep], gradients[keep]
        if len(rows) == 0:
            return
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
    batch.retire_converged(rows, steps)


def _damped_steps(products: Tensor, damping: Tensor, gradients: Tensor) -> Tensor:
    damped = products.clone()
    damped.diagonal(dim1=1, dim2=2).add_(damping[:, None])
    factors, _ = torch.linalg.cholesky_ex(damped)
    return _finite(-torch.cholesky_solve(gradients[..., None], factors)[..., 0])
