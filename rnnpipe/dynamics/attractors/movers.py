"""Runs that keep moving: a few of them are followed until it is told what they end in."""

from dataclasses import replace

import numpy as np

from rnnpipe.dynamics.attractors.cycles import Cycle, return_times, solved_cycle
from rnnpipe.dynamics.attractors.exponents import (
    BATCHES,
    EVERY,
    Tangents,
    kaplan_yorke,
    mean_exponents,
)
from rnnpipe.dynamics.attractors.moving import Untold, told_moving
from rnnpipe.dynamics.attractors.points import TANGENTS
from rnnpipe.dynamics.attractors.result import Attractor
from rnnpipe.dynamics.attractors.runs import DIVERGED_BEYOND
from rnnpipe.dynamics.attractors.sets import MovingSet
from rnnpipe.dynamics.classes import CHAOTIC
from rnnpipe.dynamics.maps import Dynamics

# Runs followed at a time.
TOGETHER = 4
# Where the exponents do not tell, they are taken over more updates, up to so many times as many.
LONGER = 5
# Tangent vectors for the dimension of a chaotic set of which three exponents do not tell it.
MANY_TANGENTS = 64


def followed(
    dynamics: Dynamics,
    starts: np.ndarray,
    updates: int,
    spread: float,
    rng: np.random.Generator,
    patient: bool = True,
) -> list[MovingSet | Cycle | Untold | None]:
    """What each of a few runs ends in; None of those that rest, leave or have yet to settle.

    Parameters
    ----------
    dynamics
        The map.
    starts
        (run, unit), as far as the runs have come.
    updates
        Over which exponents are taken; up to five times as many of a run that
        has settled, where these do not tell.
    spread
        Root mean square distance of the visited states from their mean.
    rng
        Draws tangent vectors.
    patient
        Whether every untold run is followed so long, not only those that may be chaotic.
    """
    updates = max(updates, 2 * EVERY * BATCHES)
    found: list[MovingSet | Cycle | Untold | None] = [None] * len(starts)
    tangents = Tangents(dynamics, starts, TANGENTS, rng)
    left = list(range(len(starts)))
    for _ in range(LONGER):
        tangents.advance(updates)
        path = tangents.path()
        rates = tangents.rates()
        undecided = []
        for place, run in enumerate(left):
            states = path[:, place]
            if not np.abs(states - starts[run]).max() <= DIVERGED_BEYOND * spread:
                continue  # it leaves, as its next look will show
            found[run] = _told(dynamics, states, rates[:, place], spread, rng)
            if isinstance(found[run], Untold) and (patient or _may_be_chaotic(rates[:, place])):
                undecided.append(place)
        if not undecided:
            break
        tangents.keep(undecided)
        left = [left[place] for place in undecided]
    return found


def _may_be_chaotic(rates: np.ndarray) -> bool:
    exponents, errors = mean_exponents(rates)
    return bool(exponents[0] > 2 * errors[0])


def _told(
    dynamics: Dynamics,
    states: np.ndarray,
    rates: np.ndarray,
    spread: float,
    rng: np.random.Generator,
) -> MovingSet | Cycle | Untold | None:
    """What a run ends in, of which there are consecutive states (time, unit)."""
    period = int(return_times(states[:, None], len(states), spread)[0])
    if period > 0:
        cycle = solved_cycle(dynamics, states[-1], period)
        if cycle is not None:
            return cycle
    found = told_moving(states, rates, spread)
    if not isinstance(found, MovingSet) or found.attractor.kind != CHAOTIC:
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
    more = Tangents(dynamics, state[None], MANY_TANGENTS, rng)
    more.advance(1000)
    return replace(attractor, dimension=kaplan_yorke(more.rates()[:, 0].mean(0)))
