"""Attracting cycles, which a search for fixed points alone misses."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.merge import merge
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Dynamics

# Relative to the spread of the states: what counts as having come back, and
# what counts as having moved in between.
RETURNED = 1e-6
MOVED = 1e-2
CHECK_EVERY = 10


@dataclass(frozen=True)
class Cycles:
    """Attracting cycles reached from a set of states.

    Attributes
    ----------
    orbits
        Of each cycle its states (period, unit) in turn, F mapping each to the
        next and the last to the first; shorter periods first. The first state
        is the one with the lowest activity of unit 0.
    q
        (orbit,), 1/2 |F^period(h) - h|^2 of the first state.
    hits
        (orbit,), number of runs that ended in each.
    share
        Share of the runs that ended in a cycle.
    """

    orbits: tuple[np.ndarray, ...]
    q: np.ndarray
    hits: np.ndarray
    share: float

    @property
    def periods(self) -> np.ndarray:
        """Number of states of each cycle, (orbit,)."""
        return np.array([len(orbit) for orbit in self.orbits], dtype=np.int64)


def find_cycles(
    dynamics: Dynamics,
    states: np.ndarray,
    spread: float,
    *,
    rng: np.random.Generator,
    longest: int = 8,
    runs: int = 256,
    steps: int = 500,
    distance: float = 1e-4,
    tolerance: float = 1e-20,
) -> Cycles:
    """Run the dynamics forward and collect the cycles that the runs end in.

    A run has ended in a cycle of period p when F^p(h) is within 1e-6 of h and
    some F^k(h) in between is not within 1e-2, both relative to ``spread``, for
    the least such p. The cycle is then solved for exactly, as a fixed point of
    F composed with itself p times.

    Parameters
    ----------
    dynamics
        The map.
    states
        (state, unit); at most ``runs`` of them, drawn without replacement, start a run.
    spread
        Root mean square distance of the visited states from their mean.
    rng
        Draws the starts.
    longest
        Longest period; with 1, none is sought.
    runs, steps
        Number of runs and of updates in each.
    distance
        States closer than this, relative to ``spread``, are the same.
    tolerance
        q of a solution is below this.

    Returns
    -------
    Cycles
    """
    chosen = states[rng.permutation(len(states))[:runs]]
    if longest < 2:
        return Cycles((), np.empty(0), np.empty(0, np.int64), 0.0)
    ended = _run_forward(dynamics.step, dynamics.placed(chosen), spread, longest, steps)
    orbits: list[np.ndarray] = []
    q: list[float] = []
    hits: list[int] = []
    for period, ends in sorted(ended.items()):
        phases, residuals = _solved(dynamics, ends, period, spread, tolerance)
        for orbit, rows in _distinct(phases, distance * spread):
            orbits.append(orbit)
            q.append(float(residuals[rows].min()))
            hits.append(len(rows))
    share = sum(hits) / len(chosen) if len(chosen) else 0.0
    return Cycles(tuple(orbits), np.array(q), np.array(hits, np.int64), share)


def _run_forward(
    step: Callable[[Tensor], Tensor], states: Tensor, spread: float, longest: int, steps: int
) -> dict[int, Tensor]:
    """Run states forward; return those that ended in a cycle, by least period."""
    ended: dict[int, list[Tensor]] = {}
    for _ in range(0, steps, CHECK_EVERY):
        for _ in range(CHECK_EVERY):
            states = step(states)
        period, moved = _least_period(step, states, spread, longest)
        for p in range(2, longest + 1):
            there = (period == p) & moved
            if bool(there.any()):
                ended.setdefault(p, []).append(states[there])
        # A run that came back without having moved has settled, or nearly so.
        states = states[(period == 0) | ((period > 1) & ~moved)]
        if len(states) == 0:
            break
    return {period: torch.cat(parts) for period, parts in ended.items()}


def _least_period(
    step: Callable[[Tensor], Tensor], states: Tensor, spread: float, longest: int
) -> tuple[Tensor, Tensor]:
    """Updates after which a state returns (0: more than `longest`), and whether it left before."""
    period = states.new_zeros(len(states), dtype=torch.int64)
    farthest = states.new_zeros(len(states))
    now = states
    for p in range(1, longest + 1):
        now = step(now)
        away = (now - states).norm(dim=1)
        period = torch.where((period == 0) & (away < RETURNED * spread), p, period)
        farthest = torch.where(period == 0, torch.maximum(farthest, away), farthest)
    return period, farthest > MOVED * spread


def _solved(
    dynamics: Dynamics, ends: Tensor, period: int, spread: float, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Solve for the cycles that runs ended in: phases (period, run, unit), and q (run,)."""
    solution = solve(dynamics.iterated(period), ends, tolerance=tolerance)
    near = np.linalg.norm(solution.states - ends.cpu().numpy(), axis=1) < MOVED * spread
    kept = near & (solution.status == Status.FIXED)
    phases = [dynamics.placed(solution.states[kept])]
    for _ in range(period - 1):
        phases.append(dynamics.step(phases[-1]))
    return torch.stack(phases).cpu().numpy(), solution.q[kept]


def _distinct(phases: np.ndarray, distance: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Distinct cycles (period, unit), each with the runs that ended in it."""
    period, count, units = phases.shape
    if count == 0:
        return []
    # Cycles are the same if they share their states, whichever a run met first.
    merged = merge(phases.reshape(-1, units), np.zeros(period * count), distance)
    members = np.sort(merged.labels.reshape(period, count), axis=0)
    members[:, (np.diff(members, axis=0) == 0).any(0)] = -1  # a shorter cycle after all
    found = []
    for key in np.unique(members, axis=1).T:
        rows = np.flatnonzero((members == key[:, None]).all(0))
        orbit = phases[:, rows[0]]
        if key[0] >= 0:
            found.append((np.roll(orbit, -int(orbit[:, 0].argmin()), axis=0), rows))
    return found
