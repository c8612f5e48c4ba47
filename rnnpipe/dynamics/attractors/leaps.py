"""Runs that drift one way so slowly that they are taken ahead in leaps."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.attractors.points import Resting
from rnnpipe.dynamics.attractors.rest import arrived
from rnnpipe.dynamics.maps import Dynamics

# The direction of a drift keeps to this cosine over the states looked at.
STRAIGHT = 0.9
# One update changes the move of a drift by no more than this share.
SLOW = 0.05
# The longest leap, relative to the spread.
LEAP = 0.03
# Updates that the first leap stands for, and the fewest; each one kept doubles them.
FIRST, FEWEST = 32.0, 8.0
# Updates after each leap.
RELAXING = 4
# A leap is kept if the move after it is the one foreseen, within this share, and ahead.
MISSED = 0.5
AHEAD = 0.5
# Most leaps in a row, and those looked at together.
MOST_LEAPS = 150
SEEN = 8


def drifting(window: np.ndarray) -> np.ndarray:
    """Whether each run (run,) of a window (time, run, unit) only drifts one way."""
    if len(window) < 4:
        return np.zeros(window.shape[1], dtype=bool)
    half = window[len(window) // 2 :]
    moves = np.diff(half, axis=0)
    size = np.linalg.norm(moves, axis=2)
    last = moves[-1]
    cosine = (moves[:: max(1, len(moves) // 8)] * last).sum(2)
    cosine /= np.maximum(size[:: max(1, len(moves) // 8)] * size[-1], 1e-300)
    bend = np.linalg.norm(moves[-1] - moves[-2], axis=1)
    moving = size[-1] > 0
    return moving & (cosine > STRAIGHT).all(0) & (bend < SLOW * size[-1])


@dataclass(frozen=True)
class Ahead:
    """Where leaps led.

    Attributes
    ----------
    states
        (run, unit).
    places
        (run,), number of the resting point that each has reached, -1 of none.
    updates
        (run,), that its leaps stand for, together with those taken.
    exhausted
        (run,), whether it has come as far as it may, and drifts on.
    """

    states: Tensor
    places: np.ndarray
    updates: np.ndarray
    exhausted: np.ndarray


def leap_ahead(
    dynamics: Dynamics,
    states: Tensor,
    resting: Resting,
    spread: float,
    *,
    at_rest: float,
    longest: float,
) -> Ahead:
    """Take runs ahead on their slow manifold until each arrives or drifts no more.

    A leap is a step of Euler's linearly implicit method for h' = F(h) - h,
    (I - m (J - I)) d = m (F(h) - h), which stands for m updates and is stable
    however fast other modes decay (Hairer & Wanner 1996, section IV.7). It is
    no longer than 3 % of the spread. A leap is taken back, and shorter ones
    follow, when the move after it is not as the linearisation foresees, or
    when m goes beyond the time in which an unstable mode grows: then the
    determinant is negative. So a run is never led to a saddle that it passes.

    Parameters
    ----------
    dynamics
        The map.
    states
        (run, unit), of runs that drift.
    resting
        Attracting points.
    spread
        Root mean square distance of the visited states from their mean.
    at_rest
        A run that moves less than this per update rests.
    longest
        Most updates that the leaps of a run stand for.
    """
    states = states.clone()
    count = len(states)
    places, updates = np.full(count, -1), np.zeros(count, dtype=np.int64)
    exhausted = np.zeros(count, dtype=bool)
    bold = states.new_full((count,), FIRST)
    going = np.arange(count)
    seen: list[np.ndarray] = []
    for _ in range(MOST_LEAPS):
        states[going], taken, bold[going] = _leap(dynamics, states[going], bold[going], spread)
        updates[going] += taken.cpu().numpy().astype(np.int64)
        seen = [*seen[1 - SEEN :], states.cpu().numpy().copy()]
        if len(seen) == SEEN:
            places[going] = arrived(np.stack(seen)[:, going], resting)
        on = (bold[going] >= FEWEST).cpu().numpy() & (places[going] < 0)
        moves = dynamics.step(states[going]) - states[going]
        on &= (moves.norm(dim=1) >= at_rest).cpu().numpy()
        exhausted[going] = on & (updates[going] >= longest)
        going = going[on & (updates[going] < longest)]
        if len(going) == 0:
            break
    return Ahead(states, places, updates, exhausted)


def _leap(
    dynamics: Dynamics, states: Tensor, bold: Tensor, spread: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Leap once by `bold` (run,) updates: states, the updates these stand for, the next `bold`."""
    move = dynamics.step(states) - states
    rates = dynamics.jacobian(states)
    rates.diagonal(dim1=1, dim2=2).sub_(1.0)
    matrix = torch.eye(dynamics.units).to(states) - bold[:, None, None] * rates
    factors, pivots = torch.linalg.lu_factor(matrix)
    swaps = (pivots != torch.arange(1, dynamics.units + 1).to(pivots)).sum(1)
    negative = (factors.diagonal(dim1=1, dim2=2) < 0).sum(1)
    way = torch.linalg.lu_solve(factors, pivots, (bold[:, None] * move)[..., None])[..., 0]
    share = (LEAP * spread / way.norm(dim=1)).clamp_max(1.0)
    way = share[:, None] * way
    foreseen = move + torch.einsum("rij,rj->ri", rates, way)
    moved = states + way
    after = dynamics.step(moved) - moved
    ahead = (after * move).sum(1) > AHEAD * after.norm(dim=1) * move.norm(dim=1)
    missed = (after - foreseen).norm(dim=1) > MISSED * foreseen.norm(dim=1)
    kept = ahead & ~missed & ((swaps + negative) % 2 == 0)
    for _ in range(RELAXING):
        moved = dynamics.step(moved)
    states = torch.where(kept[:, None], moved, states)
    taken = torch.where(kept, share * bold + RELAXING, 0.0)
    return states, taken, torch.where(kept, torch.where(share < 1, bold, 2 * bold), bold / 4)
