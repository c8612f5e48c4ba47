"""Newton's method from many starts at once, by factors or by products.

A factorisation costs units^3. From 128 state variables on, the steps are
those of GMRES on Jacobian-vector products, all starts in one batch, in Krylov
spaces that grow from 8 to 32 dimensions: at first a step need not be exact,
and in the end few starts are left. Measured on trained flip-flops, from 256
mixtures (128 at 512 units), the steps by factors take times as long: tanh 1.2
at 64 units, 1.9 at 128, 3.0 at 256, 5.2 at 512; CTRNN 0.5, 1.2, 1.6, 2.1; GRU
0.9, 1.6, 2.3 at 64 to 256. Spaces of 12, 16 and 24 dimensions throughout were
slower, and those of 12 and 16 left starts behind.

Steps by factors, with chord steps, were measured at 64 to 512 units beside
Broyden's low-rank updates between factorisations: these saved no more than a
tenth at every size.
"""

import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.batch import Batch, at_once, finite
from rnnpipe.dynamics.fixed_points.krylov import Product, gmres
from rnnpipe.dynamics.maps import Linear

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
# A start on which q has not fallen by half within so many steps of Newton has stalled.
PATIENCE = 3


def newton(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Take Newton steps on these rows, by the cheaper way for their map."""
    dynamics = batch.dynamics
    if dynamics.linear is not None and dynamics.units >= KRYLOV:
        for part in rows.split(_krylov_at_once(dynamics.units)):
            _newton_by_products(batch, part, iterations)
    else:
        for part in rows.split(at_once(dynamics.units)):
            newton_by_factors(batch, part, iterations)


def _krylov_at_once(units: int) -> int:
    """Return the number of starts whose largest Krylov spaces make up one batch."""
    return max(1, KRYLOV_BYTES // (8 * units * (KRYLOV_SPACE[-1] + 1)))


def _newton_by_products(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Take Newton steps by GMRES, with backtracking, on these rows until all converge or stall."""
    first, more, most = KRYLOV_SPACE
    lively = _Lively(batch)
    for iteration in range(iterations):
        if len(rows) == 0:
            return
        product = _shifted(batch.linearized(rows))
        space = min(first + more * iteration, most)
        steps = finite(gmres(product, -batch.residuals[rows], space))
        moved = _backtrack(batch, rows, steps)
        rows = rows[batch.retire_converged(rows, steps) & moved & lively(rows)]


class _Lively:
    """Tells rows whose q falls from rows that have stalled, iteration by iteration."""

    def __init__(self, batch: Batch) -> None:
        self._batch, self._earlier = batch, [batch.q.clone()]

    def __call__(self, rows: Tensor) -> Tensor:
        """Return the mask of rows whose q fell by half in the last iterations."""
        self._earlier = [*self._earlier[-PATIENCE:], self._batch.q.clone()]
        if len(self._earlier) <= PATIENCE:
            return torch.ones_like(rows, dtype=torch.bool)
        return self._batch.q[rows] < 0.5 * self._earlier[0][rows]


def _shifted(linear: Linear) -> Product:
    """A v = J v - v of one direction per state."""
    return lambda vectors: linear(vectors[:, None])[:, 0] - vectors


def newton_by_factors(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Take Newton steps with backtracking on these rows until all converge or stall."""
    chord_steps = CHORD_STEPS if batch.dynamics.units <= LARGE else CHORD_STEPS_LARGE
    lively = _Lively(batch)
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
        rows = rows[going & moved & lively(rows)]


def _chord_step(batch: Batch, rows: Tensor, factors: Tensor, pivots: Tensor) -> Tensor:
    """Take a step with factors from an earlier state, if that lowers q; return the step."""
    steps = _lu_steps(factors, pivots, batch.residuals[rows])
    batch.move(rows, batch.clamp(rows, batch.states[rows] + steps), batch.q[rows])
    return steps


def _lu_steps(factors: Tensor, pivots: Tensor, residuals: Tensor) -> Tensor:
    return finite(torch.linalg.lu_solve(factors, pivots, -residuals[..., None])[..., 0])


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
