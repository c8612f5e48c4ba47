"""Runs that keep moving: a few of them are followed until it is told what they end in."""

from dataclasses import replace

import numpy as np

from rnnpipe.dynamics.attractors.cycles import Cycle, return_times, solved_cycle
from rnnpipe.dynamics.attractors.exponents import Stretch, kaplan_yorke, stretched
from rnnpipe.dynamics.attractors.moving import told_moving
from rnnpipe.dynamics.attractors.points import TANGENTS
from rnnpipe.dynamics.attractors.result import Attractor
from rnnpipe.dynamics.attractors.sets import MovingSet
from rnnpipe.dynamics.classes import CHAOTIC
from rnnpipe.dynamics.maps import Dynamics

# Runs followed at a time.
TOGETHER = 4
# Where the exponents do not tell, they are taken over so many times as many updates.
LONGER = 4
# Tangent vectors for the dimension of a chaotic set of which more than two exponents are above 0.
MANY_TANGENTS = 16


def followed(
    dynamics: Dynamics,
    starts: np.ndarray,
    updates: int,
    spread: float,
    rng: np.random.Generator,
    *,
    longer: bool,
) -> list[MovingSet | Cycle | None]:
    """What each of a few runs ends in; None of those that cannot be told.

    Parameters
    ----------
    dynamics
        The map.
    starts
        (run, unit), as far as the runs have come.
    updates
        Over which exponents are taken.
    spread
        Root mean square distance of the visited states from their mean.
    rng
        Draws tangent vectors.
    longer
        Whether they are taken over four times as many where these do not tell.
    """
    stretch = stretched(dynamics, starts, updates, TANGENTS, rng)
    found = [_told(dynamics, stretch, run, spread, rng) for run in range(len(starts))]
    open_runs = [run for run, one in enumerate(found) if one is None]
    # A run that stood still is not taken further.
    moving = [run for run in open_runs if np.ptp(stretch.states[:, run], axis=0).max() > 0]
    if moving and longer:
        again = stretched(dynamics, stretch.last[moving], LONGER * updates, TANGENTS, rng)
        for place, run in enumerate(moving):
            found[run] = _told(dynamics, again, place, spread, rng)
    return found


def _told(
    dynamics: Dynamics, stretch: Stretch, run: int, spread: float, rng: np.random.Generator
) -> MovingSet | Cycle | None:
    """What one run ends in."""
    states = stretch.states[:, run]
    period = int(return_times(states[:, None], len(states), spread)[0])
    if period > 0:
        cycle = solved_cycle(dynamics, states[-1], period)
        if cycle is not None:
            return cycle
    found = told_moving(states, stretch.exponents[run], stretch.errors[run], spread)
    if found is None or found.attractor.kind != CHAOTIC:
        return found
    return replace(found, attractor=_with_dimension(dynamics, found.attractor, states[-1], rng))


def _with_dimension(
    dynamics: Dynamics, attractor: Attractor, state: np.ndarray, rng: np.random.Generator
) -> Attractor:
    """The attractor with its dimension, from more exponents where three are too few."""
    if np.isfinite(attractor.dimension):
        return attractor
    if dynamics.units <= TANGENTS:
        return replace(attractor, dimension=float(dynamics.units))
    more = stretched(dynamics, state[None], 1000, MANY_TANGENTS, rng)
    return replace(attractor, dimension=kaplan_yorke(more.exponents[0]))
