"""Batched root finding: states h with F(h) = h, all starts at once.

Every start first takes Newton steps with backtracking. Where these stall,
Levenberg-Marquardt begins again from the start: Newton alone misses high
saddles and cannot find slow points, Levenberg-Marquardt alone is slower and
gets trapped where weights are large. A start leaves the batch as soon as its
fate is known.

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

from rnnpipe.dynamics.fixed_points.batch import Batch, Status
from rnnpipe.dynamics.fixed_points.levenberg import levenberg_marquardt
from rnnpipe.dynamics.fixed_points.memory import at_once
from rnnpipe.dynamics.fixed_points.newton import newton
from rnnpipe.dynamics.maps import Driven, Dynamics


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
    size = at_once(dynamics.units)
    chunks = starts.double().split(size)
    held = [None] * len(chunks) if inputs is None else inputs.double().split(size)
    with torch.no_grad():
        batches = [
            Batch(dynamics, chunk, tolerance, x) for chunk, x in zip(chunks, held, strict=True)
        ]
        for batch in batches:
            newton(batch, torch.arange(len(batch.q), device=batch.q.device), newton_iterations)
            stalled = (batch.status != int(Status.FIXED)).nonzero()[:, 0]
            batch.restart(stalled)
            levenberg_marquardt(batch, stalled, levenberg_iterations)
            polish = stalled[batch.status[stalled] == int(Status.FIXED)]
            newton(batch, polish, iterations=1)
    return Solution(
        states=np.concatenate([b.states.cpu().numpy() for b in batches]),
        q=np.concatenate([b.q.cpu().numpy() for b in batches]),
        status=np.concatenate([b.status.cpu().numpy() for b in batches]),
        iterations=np.concatenate([b.iterations.cpu().numpy() for b in batches]),
    )
