"""Torn curves that are one closed ring of beads."""

import numpy as np

from rnnpipe.dynamics.classes import ATTRACTOR
from rnnpipe.dynamics.continua.beads import AT_REST, rings_of_beads
from rnnpipe.dynamics.continua.continuum import ON_IT, Continuum, arc_length
from rnnpipe.dynamics.continua.invariant import measure_ring
from rnnpipe.dynamics.continua.slowness import is_slow, measured
from rnnpipe.dynamics.continua.trace import Curve
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.maps import Dynamics

# A torn curve lies on a ring, and a ring is a slow curve, if so much of its length does.
MOST = 0.5


def with_closed_rings(
    dynamics: Dynamics,
    followed: list[tuple[Curve, Continuum]],
    points: np.ndarray,
    spread: float,
    trial: int,
    step: float,
) -> list[Continuum]:
    """Put a ring of beads in the place of open curves that are most of it.

    If it is no attractor, those pieces of it that are attractors stay beside it.
    """
    found = [continuum for curve, continuum in followed if curve.closed]
    torn = [pair for pair in followed if not pair[0].closed]
    for states in rings_of_beads(dynamics, points, spread, step) if torn else ():
        on_it = [_share_on(curve.states, states, spread) > MOST for curve, _ in torn]
        pieces = [curve.states for (curve, _), on in zip(torn, on_it, strict=True) if on]
        if not pieces or _share_on(states, np.concatenate(pieces), spread) < MOST:
            continue
        curve, transversal = measure_ring(dynamics, states, AT_REST * spread)
        everywhere = slice(0, len(states))
        if is_slow(curve, arc_length(states), everywhere, spread):
            ring = measured(curve, transversal, everywhere, trial)
            found.append(ring)
            torn = [
                pair
                for pair, on in zip(torn, on_it, strict=True)
                if not on or pair[1].nature == ATTRACTOR != ring.nature
            ]
    return [*found, *(continuum for _, continuum in torn)]


def _share_on(states: np.ndarray, others: np.ndarray, spread: float) -> float:
    """Share of the length of a curve that lies on other curves, given by their nodes."""
    on = distances_between(states, others).min(1) < ON_IT * spread
    lengths = np.linalg.norm(np.diff(states, axis=0), axis=1)
    return float((lengths * (on[1:] & on[:-1])).sum() / lengths.sum())
