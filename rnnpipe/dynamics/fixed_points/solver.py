"""Batched root finding: states h with F(h) = h, all starts at once.

Every start first takes Newton steps with backtracking. Where these stall,
Levenberg-Marquardt begins again from the start: Newton alone misses high
saddles and cannot find slow points, Levenberg-Marquardt alone is slower and
gets trapped where weights are large. A start leaves the batch as soon as its
fate is known.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.batch import Batch, Status
from rnnpipe.dynamics.fixed_points.levenberg import second_chance
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
    known: Tensor | None = None,
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
        The last step to a fixed point is shorter than this, in the units of the states.
    known
        (point, unit), fixed points whose copies need not be solved for to the
        end: with a ``distance``, a start whose steps lead straight to one ends there, once they
        are shorter than 1,000 times ``distance`` and within 100 times of the point. Only
        without ``inputs``.
    newton_iterations, levenberg_iterations
        Budget of each start in either phase. The second takes the stalled starts in
        waves, the first one of 32 spread evenly among them, and ends with a wave that
        brings neither a fixed point nor, with a ``distance``, a slow one that is farther than
        1,000 times as far from those that earlier waves brought.

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
        batch = Batch(dynamics, starts.double(), tolerance, x, distance, known)
        newton(batch, torch.arange(len(starts), device=starts.device), newton_iterations)
        stalled = (batch.status != int(Status.FIXED)).nonzero()[:, 0]
        batch.restart(stalled)
        second_chance(batch, stalled, levenberg_iterations)
    return Solution(
        states=batch.states.cpu().numpy(),
        q=batch.q.cpu().numpy(),
        status=batch.status.cpu().numpy(),
    )


def half_squared_speed(dynamics: Dynamics, states: np.ndarray) -> np.ndarray:
    """q = 1/2 |F(h) - h|^2 of states (state, unit), (state,)."""
    now = dynamics.placed(states)
    return (0.5 * (dynamics.step(now) - now).square().sum(1)).cpu().numpy()
