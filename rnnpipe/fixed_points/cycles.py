"""Attractors of period 2, which a search for fixed points alone misses."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics import Dynamics
from rnnpipe.fixed_points.merge import merge
from rnnpipe.fixed_points.solver import Status, solve

# Relative to the spread of the states: what counts as having come back, and
# what counts as having moved in between.
RETURNED = 1e-6
MOVED = 1e-2
CHECK_EVERY = 10


@dataclass(frozen=True)
class Cycles:
    """Period-2 attractors reached from a set of states.

    Attributes
    ----------
    orbits
        (orbit, 2, unit), the two states of each, F mapping one to the other.
    hits
        (orbit,), runs that ended in each.
    runs
        Number of runs.
    share
        Share of the runs that ended in an orbit of period 2.
    """

    orbits: np.ndarray
    hits: np.ndarray
    runs: int
    share: float


def find_cycles(
    dynamics: Dynamics,
    states: np.ndarray,
    spread: float,
    *,
    rng: np.random.Generator,
    runs: int = 256,
    steps: int = 500,
    distance: float = 1e-4,
) -> Cycles:
    """Run the dynamics forward and collect the orbits of period 2 they end in.

    A run has ended in one when F(F(h)) is within 1e-6 of h and F(h) is not
    within 1e-2, both relative to ``spread``. The orbit is then solved for
    exactly, as a fixed point of F composed with itself.

    Parameters
    ----------
    dynamics
        The map.
    states
        (state, unit); at most ``runs`` of them, drawn without replacement, start a run.
    spread
        Root mean square distance of the states from their mean.
    rng
        Draws the starts.
    runs, steps
        Number of runs and of updates in each.
    distance
        Orbits closer than this, relative to ``spread``, are the same.

    Returns
    -------
    Cycles
    """
    count = min(runs, len(states))
    starts = torch.from_numpy(states[rng.permutation(len(states))[:count]])
    ends = _run_forward(dynamics.step, starts, spread, steps)
    empty = Cycles(np.empty((0, 2, dynamics.units)), np.empty(0, np.int64), count, 0.0)
    if len(ends) == 0:
        return empty
    solution = solve(dynamics.iterated(2), ends)
    near = np.linalg.norm(solution.states - ends.numpy(), axis=1) < MOVED * spread
    first = torch.from_numpy(solution.states[near & (solution.status == Status.FIXED)])
    if len(first) == 0:
        return empty
    second = dynamics.step(first)
    both = torch.cat([first, second]).numpy()
    merged = merge(both, np.zeros(len(both)), distance * spread)
    # An orbit is the pair of its two states, whichever of them a run met.
    pairs = np.sort(merged.labels.reshape(2, -1), axis=0)
    pairs = pairs[:, pairs[0] != pairs[1]]
    orbits, hits = np.unique(pairs, axis=1, return_counts=True)
    return Cycles(merged.states[orbits.T], hits, count, int(hits.sum()) / count)


def _run_forward(
    step: Callable[[Tensor], Tensor], states: Tensor, spread: float, steps: int
) -> Tensor:
    """States of the runs that ended in an orbit of period 2; settled runs leave early."""
    ended = []
    for _ in range(0, steps, CHECK_EVERY):
        for _ in range(CHECK_EVERY):
            states = step(states)
        once = step(states)
        moved = (once - states).norm(dim=1)
        returned = (step(once) - states).norm(dim=1) < RETURNED * spread
        ended.append(states[returned & (moved > MOVED * spread)])
        states = states[~returned]
        if len(states) == 0:
            break
    return torch.cat(ended)
