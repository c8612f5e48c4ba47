"""Levenberg-Marquardt from the starts on which Newton's method stalls.

It takes them in waves, as long as a wave brings anything new: of 256 random states
of the box of a trained GRU of 64 units Newton stalls on 245, and none of these
found a point in ten times Newton's time; of random networks of 32 to 96 tanh
units, gain 3, most points are found so, nine tenths of them within 40 steps.
Several steps for every factorisation, and handing starts back to Newton near a
root, saved no more than a tenth at every size from 64 to 512 units.
"""

import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.batch import NEAR, Batch, Status, at_once, finite
from rnnpipe.dynamics.fixed_points.newton import newton_by_factors

# Starts in the first wave; the next ones are twice as large each.
FIRST = 32
# A stationary point of q has a gradient below this, relative to the residual.
SLOW_GRADIENT = 1e-6


def second_chance(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Seek from the starts of these rows by Levenberg-Marquardt, in waves, as long as it pays."""
    size = at_once(batch.dynamics.units)
    order = torch.cat([rows[first::FIRST] for first in range(FIRST)])
    slow = batch.states[:0]
    begin, wave = 0, FIRST
    while begin < len(order):
        part = order[begin : begin + min(wave, size)]
        _levenberg_marquardt(batch, part, iterations)
        newton_by_factors(batch, part[batch.status[part] == int(Status.FIXED)], iterations=1)
        fresh = _other_slow_states(batch, part, slow)
        if not len(fresh) and not bool((batch.status[part] == int(Status.FIXED)).any()):
            return
        slow = torch.cat([slow, fresh])
        begin, wave = begin + len(part), 2 * wave


def _other_slow_states(batch: Batch, rows: Tensor, known: Tensor) -> Tensor:
    """The slow states of these rows that are not those known, (state, unit)."""
    found = batch.states[rows[batch.status[rows] == int(Status.SLOW)]]
    if not len(found) or not len(known):
        return found
    apart = torch.cdist(found, known, compute_mode="donot_use_mm_for_euclid_dist").amin(1)
    return found[apart > NEAR * batch.distance] if batch.distance < torch.inf else found


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
    return finite(-torch.cholesky_solve(gradients[..., None], factors)[..., 0])
