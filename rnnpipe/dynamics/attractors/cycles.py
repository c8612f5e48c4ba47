"""Attracting cycles of whole period, recognised in runs that return and then solved exactly."""

from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics.attractors.points import leading_moduli
from rnnpipe.dynamics.classes import NEUTRAL
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Dynamics

# Relative to the way from the state and back: what counts as having come back.
RETURNED = 1e-6
# A run that never gets further away than this, relative to the spread, rests.
MOVED = 1e-6
# q = 1/2 |F^period(h) - h|^2 of a solution is below this.
TOLERANCE = 1e-20
# A solution lies as near to where the run was, relative to the cycle's size.
SOLVED_NEAR = 1e-2
# A run nears a cycle when it is as close to it, relative to the least distance of its states.
NEAR = 0.05
# A run that is on its way to a cycle has come nearer by this since the middle of its last states.
NEARER = 0.9


@dataclass(frozen=True)
class Cycle:
    """An attracting cycle.

    Attributes
    ----------
    states
        (period, unit), F mapping each to the next and the last to the first;
        the first is the one with the lowest activity of unit 0.
    moduli
        (mode,), |lambda| of F^period, in descending order.
    near
        Distance within which a run belongs to it.
    """

    states: np.ndarray
    moduli: np.ndarray
    near: float


def return_times(window: np.ndarray, longest: int, spread: float) -> np.ndarray:
    """Updates after which each run is back at the same state, 0 where it is not.

    Parameters
    ----------
    window
        (time, run, unit), the last states of each run.
    longest
        Longest time sought, at most half of the times given.
    spread
        Root mean square distance of the visited states from their mean.

    Returns
    -------
    numpy.ndarray
        (run,), the least ones; of a state that stays where it is, 0.
    """
    longest = min(longest, len(window) // 2)
    if longest < 2:
        return np.zeros(window.shape[1], dtype=np.int64)
    back = window[-1 - longest : -1][::-1]
    away = np.linalg.norm(back - window[-1], axis=2)
    farthest = np.maximum.accumulate(away, axis=0)
    returned = (away < RETURNED * farthest) & (farthest > MOVED * spread)
    return np.where(returned.any(0), returned.argmax(0) + 1, 0)


def solved_cycle(dynamics: Dynamics, state: np.ndarray, period: int) -> Cycle | None:
    """The attracting cycle of a period at a state (unit,), or None if there is none.

    None is returned, too, where a mode of the cycle neither grows nor decays
    (|lambda| within 1e-6 of 1): such cycles fill a curve, and no run ends in
    one rather than in its neighbour.
    """
    iterated = dynamics.iterated(period)
    solution = solve(iterated, dynamics.placed(state[None]), tolerance=TOLERANCE)
    if solution.status[0] != Status.FIXED:
        return None
    states = orbit(dynamics, solution.states[0], period)
    gap = _least_gap(states)
    size = np.linalg.norm(states - states.mean(0), axis=1).max()
    if gap == 0 or np.linalg.norm(states[0] - state) > SOLVED_NEAR * size:
        return None
    moduli = leading_moduli(iterated, states[:1])[0]
    if moduli[0] >= 1 - NEUTRAL:
        return None
    first = int(states[:, 0].argmin())
    return Cycle(np.roll(states, -first, axis=0), moduli, NEAR * gap)


def orbit(dynamics: Dynamics, state: np.ndarray, length: int) -> np.ndarray:
    """A state (unit,) and those that follow, (length, unit)."""
    states = [dynamics.placed(state[None])]
    for _ in range(length - 1):
        states.append(dynamics.step(states[-1]))
    return torch.cat(states).cpu().numpy()


def on_cycle(window: np.ndarray, cycle: Cycle) -> np.ndarray:
    """Whether each run (run,) of a window (time, run, unit) ends in a cycle.

    Its last states are near the cycle's and nearer than those in the middle.
    """
    period = len(cycle.states)
    count = min(period, len(window) // 2)
    middle = len(window) // 2
    late = _distances(window[-count:], cycle.states)
    early = _distances(window[middle - count : middle], cycle.states)
    return (late <= cycle.near) & (late <= np.maximum(NEARER * early, RETURNED * cycle.near))


def _distances(states: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Farthest of some states (time, run, unit) of each run from the nearest of others."""
    times, runs, units = states.shape
    return distances_between(states.reshape(-1, units), others).min(1).reshape(times, runs).max(0)


def _least_gap(states: np.ndarray) -> float:
    """Least distance between two states (state, unit)."""
    distances = distances_between(states, states)
    np.fill_diagonal(distances, np.inf)
    return float(distances.min())
