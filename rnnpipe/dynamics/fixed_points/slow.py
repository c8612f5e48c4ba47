"""Slow states: what lies between the fixed points of a continuous attractor.

Strict convergence keeps only a few beads of a ring or line on which the speed
is small everywhere. A descent that stays local, stopped at several levels of
speed, shows the whole of it.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.batch import at_once
from rnnpipe.dynamics.fixed_points.merge import merge
from rnnpipe.dynamics.maps import Dynamics

FACTORISATIONS = 10
STEPS_PER_FACTORISATION = 6
# A start leaves when the steps of one factorisation lower q by less than this factor.
STALLED = 0.5
# Longest step relative to the spread of the states. Nearly marginal directions
# ask for long ones, which would leave the curve of slow states.
LONGEST_STEP = 0.1
# Directions along which the map moves a displacement by less than this share
# of it per update are left almost alone (squared: added to A^T A).
LOCAL_RATE = 0.03


def slow_states(
    dynamics: Dynamics,
    starts: np.ndarray,
    spread: float,
    levels: Sequence[float],
    *,
    distance: float = 1e-2,
    most: int = 256,
) -> dict[float, np.ndarray]:
    """Find the states at which a local descent of q first falls below each level.

    q = 1/2 |F(h) - h|^2, the speed of Sussillo & Barak (2013, eq. 2.3). The
    descent takes damped Gauss-Newton steps of bounded length, so that states
    fall onto a curve of slow states and hardly move along it.

    Parameters
    ----------
    dynamics
        The map and its Jacobian.
    starts
        (start, unit), finite.
    spread
        Root mean square distance of the visited states from their mean.
    levels
        Values of q.
    distance
        States of a level closer than this, relative to ``spread``, are merged.
    most
        Most states kept per level: those found most often.

    Returns
    -------
    dict
        Level to (state, unit), of which there may be none.
    """
    falling = sorted(levels)[::-1]
    parts = [
        _descend(dynamics, chunk, spread, falling)
        for chunk in dynamics.placed(starts).double().split(at_once(dynamics.units))
    ]
    found = {}
    for level in levels:
        states, q = (np.concatenate(c) for c in zip(*(p[level] for p in parts), strict=True))
        found[level] = _thin(states, q, distance * spread, most)
    return found


def _descend(
    dynamics: Dynamics, states: Tensor, spread: float, levels: list[float]
) -> dict[float, tuple[np.ndarray, np.ndarray]]:
    """Descend; return the first states below each level and their q. ``levels`` are falling."""
    passed: dict[float, list[tuple[Tensor, Tensor]]] = {level: [] for level in levels}
    q_of_start = states.new_full((len(states),), torch.inf)
    q = _speed(dynamics, states)
    _record(passed, states, q, q_of_start)
    for _ in range(FACTORISATIONS):
        before = q
        matrices, factors = _local_factors(dynamics, states)
        for _ in range(STEPS_PER_FACTORISATION):
            moved = states + _local_steps(dynamics, states, matrices, factors, spread)
            if dynamics.box is not None:
                moved = torch.clamp(moved, *dynamics.box)
            q_moved = _speed(dynamics, moved)
            lower = q_moved < q
            _record(passed, moved, q_moved, q)
            states = torch.where(lower[:, None], moved, states)
            q = torch.where(lower, q_moved, q)
        going = (q >= levels[-1]) & (q < STALLED * before)
        states, q = states[going], q[going]
        if len(states) == 0:
            break
    return {
        level: (
            torch.cat([s for s, _ in pairs]).cpu().numpy(),
            torch.cat([v for _, v in pairs]).cpu().numpy(),
        )
        for level, pairs in passed.items()
    }


def _record(
    passed: dict[float, list[tuple[Tensor, Tensor]]], states: Tensor, q: Tensor, before: Tensor
) -> None:
    """Keep the states that fell below a level with their last step."""
    for level, pairs in passed.items():
        first = (q < level) & (before >= level)
        pairs.append((states[first], q[first]))


def _speed(dynamics: Dynamics, states: Tensor) -> Tensor:
    return 0.5 * (dynamics.step(states) - states).square().sum(1)


def _local_factors(dynamics: Dynamics, states: Tensor) -> tuple[Tensor, Tensor]:
    """A = J - I and the Cholesky factor of A^T A, damped."""
    matrices = dynamics.jacobian(states) - torch.eye(
        dynamics.units, dtype=torch.float64, device=states.device
    )
    damped = matrices.mT @ matrices
    damped.diagonal(dim1=1, dim2=2).add_(LOCAL_RATE**2)
    return matrices, torch.linalg.cholesky_ex(damped)[0]


def _local_steps(
    dynamics: Dynamics, states: Tensor, matrices: Tensor, factors: Tensor, spread: float
) -> Tensor:
    residuals = dynamics.step(states) - states
    gradients = matrices.mT @ residuals[..., None]
    steps = -torch.cholesky_solve(gradients, factors)[..., 0]
    lengths = steps.norm(dim=1, keepdim=True)
    longest = LONGEST_STEP * spread
    return steps * (longest / lengths.clamp_min(longest))


def _thin(states: np.ndarray, q: np.ndarray, distance: float, most: int) -> np.ndarray:
    merged = merge(states, q, distance)
    kept = np.sort(np.argsort(-merged.hits, kind="stable")[:most])
    return merged.states[kept]
