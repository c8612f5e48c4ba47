"""Where every run of a network ends."""

from dataclasses import replace

import numpy as np
import torch

from rnnpipe.dynamics.attractors.points import resting_points
from rnnpipe.dynamics.attractors.result import UNASSIGNED, Attractor, Attractors
from rnnpipe.dynamics.attractors.runs import Runs
from rnnpipe.dynamics.attractors.starts import box_starts, visited_starts
from rnnpipe.dynamics.attractors.telling import Telling
from rnnpipe.dynamics.classes import FIXED, KINDS
from rnnpipe.dynamics.maps import Dynamics


def find_attractors(
    dynamics: Dynamics,
    states: np.ndarray,
    points: np.ndarray,
    *,
    rng: np.random.Generator,
    spread: float,
    visited: int = 64,
    box: int = 64,
    steps: int = 10_000,
    longest_period: int = 64,
    exponent_steps: int = 2000,
) -> Attractors:
    """Run a network on from many states, and tell where each run ends.

    All runs go as one batch, and each ends as soon as it is told where.

    Parameters
    ----------
    dynamics
        The map, its derivative and the box that it maps into itself.
    states
        (state, unit), visited by the network.
    points
        (point, unit), its fixed points as known. The attracting ones are
        attractors, whether a run ends there or not.
    rng
        Draws the starts.
    spread
        Root mean square distance of the visited states from their mean.
    visited
        Runs from visited states.
    box
        Runs from anywhere in the box; where it is wide or there is none, in
        the visited range widened by half of it on both sides.
    steps
        Most updates of a run. Where runs settle slowly on a closed curve, so
        that the last of these do not tell it, four times as many.
    longest_period
        Longest period of a cycle.
    exponent_steps
        Updates over which Lyapunov exponents are taken.

    Returns
    -------
    Attractors

    Raises
    ------
    ValueError
        If ``states`` is empty, or ``points`` have another number of units.
    """
    if len(states) == 0:
        raise ValueError("runs start from visited states; there are none")
    if points.shape[1:] != states.shape[1:]:
        raise ValueError(f"points have shape {points.shape}, states {states.shape}")
    first = visited_starts(states, visited, rng)
    starts = np.concatenate([first, box_starts(dynamics, states, box, rng)])
    runs = Runs(dynamics, starts, spread, steps)
    with torch.no_grad():
        resting = resting_points(dynamics, points, spread)
        telling = Telling(dynamics, resting, spread, longest_period, exponent_steps, rng)
        for window, last in runs.looks():
            telling.look(runs, window, last)
        telling.finish(runs)
    return _gathered(telling.collection.found, runs, len(first))


def _gathered(found: list[Attractor], runs: Runs, visited: int) -> Attractors:
    """Attractors in order, each with its runs; the ends of runs by the new numbers."""
    counts = np.bincount(runs.ends[runs.ends >= 0], minlength=len(found))

    def place(number: int) -> tuple[int, int, int]:
        one = found[number]
        known = one.point if one.kind == FIXED and one.point >= 0 else len(runs.ends) + number
        return KINDS.index(one.kind), known, -int(counts[number])

    order = sorted(range(len(found)), key=place)
    rank = np.full(len(found) + 2, UNASSIGNED)
    rank[order] = np.arange(len(order))
    rank[-2:] = [-2, -1]
    ends = rank[runs.ends]
    bare = Attractors(tuple(found[number] for number in order), ends, visited, 0)
    attractors = tuple(
        replace(one, **dict(zip(("visited", "box"), bare.ended(number), strict=True)))
        for number, one in enumerate(bare.attractors)
    )
    return Attractors(attractors, ends, visited, int(runs.updates.max(initial=0)))
