"""Levenberg-Marquardt on the speed, many starts at once."""

import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.batch import Batch, Status

SLOW_GRADIENT = 1e-6


def levenberg_marquardt(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Levenberg-Marquardt with damping mu |r| and the gain-ratio update of mu.

    Damping in proportion to the residual keeps convergence quadratic (Fan &
    Yuan 2005, Computing 74:23); the update is Nielsen's (1999, IMM-REP-1999-05).
    """
    matrices = batch.matrices(rows)
    products = matrices.mT @ matrices
    mu = torch.ones_like(rows, dtype=torch.float64)
    growth = torch.full_like(mu, 2.0)
    for _ in range(iterations):
        norms = batch.residuals[rows].norm(dim=1)
        gradients = (matrices.mT @ batch.residuals[rows][..., None])[..., 0]
        slow = gradients.norm(dim=1) < SLOW_GRADIENT * norms
        going = batch.retire_converged(rows)
        batch.status[rows[going & slow]] = int(Status.SLOW)
        # Where the map is not finite, no step is either.
        keep = going & ~slow & torch.isfinite(norms)
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
