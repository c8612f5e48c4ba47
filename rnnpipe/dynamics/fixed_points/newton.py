"""Newton's method with backtracking and chord steps, many starts at once."""

import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.batch import Batch

HALVINGS = 6
# Steps with factors that are not fresh, as many as pay. A factorisation costs
# units^3, a step units^2.
CHORD_STEPS = 2
CHORD_STEPS_LARGE = 5
LARGE = 192


def newton(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Newton steps with backtracking from these rows of the batch, until all converge or stall."""
    chord_steps = CHORD_STEPS if batch.dynamics.units <= LARGE else CHORD_STEPS_LARGE
    for _ in range(iterations):
        if len(rows) == 0:
            return
        batch.iterations[rows] += 1
        factors, pivots, _ = torch.linalg.lu_factor_ex(batch.matrices(rows))
        moved = _backtrack(batch, rows, _lu_steps(factors, pivots, batch.residuals[rows]))
        # Near a root, factors that serve again save one factorisation in two.
        for _ in range(chord_steps):
            _chord_step(batch, rows, factors, pivots)
        going = batch.retire_converged(rows)
        _chord_step(batch, rows[~going], factors[~going], pivots[~going])
        rows = rows[going & moved]


def _chord_step(batch: Batch, rows: Tensor, factors: Tensor, pivots: Tensor) -> None:
    """Step with factors from an earlier state, where that lowers q."""
    steps = _lu_steps(factors, pivots, batch.residuals[rows])
    batch.move(rows, batch.clamp(rows, batch.states[rows] + steps), batch.q[rows])


def _lu_steps(factors: Tensor, pivots: Tensor, residuals: Tensor) -> Tensor:
    steps = torch.linalg.lu_solve(factors, pivots, -residuals[..., None])[..., 0]
    # A singular matrix leaves infinities: no step, so that the start stalls.
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
