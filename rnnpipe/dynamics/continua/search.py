"""The search for continua: slow and marginal states, gathered into curves or one surface."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.continua.closing import with_closed_rings
from rnnpipe.dynamics.continua.continuum import Continuum
from rnnpipe.dynamics.continua.projection import Places, project
from rnnpipe.dynamics.continua.slow_mode import SUBSPACE, random_spaces, slow_modes
from rnnpipe.dynamics.continua.slowness import continuum_of, is_continuum
from rnnpipe.dynamics.continua.surface import have_two_equal, surface_continuum
from rnnpipe.dynamics.continua.trace import Ball, Curve, trace
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.maps import Dynamics

# Inverse iterations for a slow mode of which nothing is known.
ITERATIONS = 6
# A state is a seed of a curve if its slow mode is this much slower than the next...
SEPARATED = 0.5
# ...and the curve lies within this of it, relative to the spread.
NEARBY = 0.3
# A surface is one if more than this share of the states has a place on it.
MOST = 0.5
# Updates for which states run on at most before curves are sought near them.
LONGEST_FALL = 2000


def find_continua(
    dynamics: Dynamics,
    states: np.ndarray,
    points: np.ndarray,
    spread: float,
    rng: np.random.Generator,
    *,
    trial: int = 50,
    starts: int = 64,
    step: float = 0.05,
) -> list[Continuum]:
    """Find the curves, or the surface, of slow states of a network under one input.

    Visited states and known points whose slowest mode stands apart from the
    next are projected on the slow curve nearby; from the one that stands out
    most the curve is followed both ways, the states that lie on it are done
    with, and so on. Sussillo & Barak 2013 (Neural Comput. 25:626) call such
    states slow points; here their speed is a result and no criterion. Whether
    a curve is an attractor is said by its `nature`; of an open curve that is
    none as a whole, the longest piece that is one stands in its place. Open
    curves whose gaps the unstable manifolds of saddles bridge are one ring
    (`rnnpipe.dynamics.continua.beads`). Where the two slowest modes are equal
    and stand apart from the third, there is one surface and no curve.

    Parameters
    ----------
    states
        (state, unit), visited by the network.
    points
        (point, unit), its fixed and slow points.
    spread
        Root mean square distance of the visited states from their mean.
    rng
        Chooses among the states.
    trial
        Updates for which the network has to hold what it stores: an attractor's
        drift is judged by them.
    starts
        Visited states from which to look for curves.
    step
        Longest step along a curve, relative to the spread.

    Returns
    -------
    list
        Longest first; empty for a network with discrete attractors only.
    """
    visited = torch.from_numpy(states[rng.permutation(len(states))[:starts]]).double()
    draws = rng.standard_normal((2, dynamics.units, min(SUBSPACE, dynamics.units)))
    spaces = random_spaces(len(visited), torch.from_numpy(draws))
    modes = slow_modes(dynamics.jacobian(visited), *spaces, ITERATIONS)
    if have_two_equal(modes):
        places = project(dynamics, visited, spaces, spread, ITERATIONS, along=2)
        if places.found.double().mean() > MOST and have_two_equal(places.modes):
            return _surface(dynamics, places.take(places.found.nonzero()[:, 0]), spread, trial)
    # Let what decays fast decay: two time constants of the mode next to the slow one.
    fallen = _run(dynamics, visited, 2 / _typical(modes.next_rate))
    seeds = _seeds(dynamics, torch.cat([fallen, torch.from_numpy(points).double()]), spread, draws)
    if seeds is None:
        # From a curve that repels, states that run on go away.
        seeds = _seeds(dynamics, visited, spread, draws)
    followed = [
        (curve, continuum)
        for curve in _curves(dynamics, seeds, step * spread, spread, Ball.around(states))
        if (continuum := continuum_of(dynamics, curve, spread, trial)) is not None
    ]
    found = with_closed_rings(dynamics, followed, points, spread, trial, step * spread)
    return sorted(found, key=lambda continuum: -continuum.length)


def _curves(
    dynamics: Dynamics, left: Places | None, step: float, spread: float, region: Ball
) -> Iterator[Curve]:
    """Follow the curve of the seed that stands out most, then those of seeds away from it."""
    while left is not None:
        slowest = left.modes.separation.argmin()[None]
        curve = trace(dynamics, left.take(slowest), step, spread, region)
        yield curve
        away = distances_between(left.states.numpy(), curve.states).min(1) > step
        left = left.take(torch.from_numpy(np.flatnonzero(away))) if away.any() else None


def _surface(dynamics: Dynamics, places: Places, spread: float, trial: int) -> list[Continuum]:
    surface = surface_continuum(dynamics, places, trial)
    beyond, speed = _typical(places.modes.third_rate), float(np.median(surface.drift))
    return [surface] if is_continuum(surface.length, beyond, speed, spread) else []


def _typical(rates: Tensor) -> float:
    """A typical |lambda - 1|, at most that of a mode that is gone after one update."""
    return float(rates.median().clamp(1e-3, 1.0).nan_to_num(1.0))


def _run(dynamics: Dynamics, states: Tensor, updates: float) -> Tensor:
    for _ in range(min(int(np.ceil(updates)), LONGEST_FALL)):
        states = dynamics.step(states)
    return states


def _seeds(dynamics: Dynamics, starts: Tensor, spread: float, draws: np.ndarray) -> Places | None:
    """Find places on slow curves from which the curves are followed."""
    spaces = random_spaces(len(starts), torch.from_numpy(draws))
    places = project(dynamics, starts, spaces, spread, ITERATIONS)
    good = places.found & (places.modes.separation < SEPARATED)
    good &= (places.states - starts).norm(dim=1) < NEARBY * spread
    return places.take(good.nonzero()[:, 0]) if bool(good.any()) else None
