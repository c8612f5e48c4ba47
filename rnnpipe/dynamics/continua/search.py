"""The search for continua: slow and marginal states, gathered into curves or one surface."""

import numpy as np
import torch
from scipy.spatial.distance import cdist
from torch import Tensor

from rnnpipe.dynamics.continua.continuum import Continuum, arc_length, curve_continuum
from rnnpipe.dynamics.continua.nature import largest_transversal, longest_attractor
from rnnpipe.dynamics.continua.projection import Places, project
from rnnpipe.dynamics.continua.slow_mode import SUBSPACE, random_spaces, slow_modes
from rnnpipe.dynamics.continua.surface import have_two_equal, surface_continuum
from rnnpipe.dynamics.continua.trace import Ball, Curve, trace
from rnnpipe.dynamics.maps import Dynamics

# Inverse iterations for a slow mode of which nothing is known.
ITERATIONS = 6
# A state is a seed of a curve if its slow mode is this much slower than the next...
SEPARATED = 0.5
# ...and the curve lies within this of it, relative to the spread.
NEARBY = 0.3
# A continuum shorter than this, relative to the spread, is a point with a tail.
SHORT = 0.5
# Along a continuum a state takes this many times longer to travel its length than to
# fall onto it; else it is a path between discrete points.
SLOWER = 50.0
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
    none as a whole, the longest piece that is one stands in its place. Where the
    two slowest modes are equal and stand apart from the third, there is one
    surface and no curve.

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
    known = torch.from_numpy(points).double()
    left = _seeds(dynamics, torch.cat([fallen, known]), spread, draws)
    if left is None:
        # From a curve that repels, states that run on go away.
        left = _seeds(dynamics, visited, spread, draws)
    mean = states.mean(0)
    region = Ball(torch.from_numpy(mean), float(np.linalg.norm(states - mean, axis=1).max()))
    found = []
    while left is not None:
        slowest = left.modes.separation.argmin()[None]
        curve = trace(dynamics, left.take(slowest), step * spread, spread, region)
        if (continuum := _continuum_of(dynamics, curve, spread, trial)) is not None:
            found.append(continuum)
        away = cdist(left.states.numpy(), curve.states).min(1) > step * spread
        left = left.take(torch.from_numpy(np.flatnonzero(away))) if away.any() else None
    return sorted(found, key=lambda continuum: -continuum.length)


def _surface(dynamics: Dynamics, places: Places, spread: float, trial: int) -> list[Continuum]:
    surface = surface_continuum(dynamics, places, trial)
    beyond, speed = _typical(places.modes.third_rate), float(np.median(surface.drift))
    return [surface] if _is_continuum(surface.length, beyond, speed, spread) else []


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


def _continuum_of(dynamics: Dynamics, curve: Curve, spread: float, trial: int) -> Continuum | None:
    """Measure a curve, or the longest piece of it that is an attractor; None if it is no curve."""
    everywhere = slice(0, len(curve.states))
    position = arc_length(curve.states)
    slow = _is_slow(curve, position, everywhere, spread)
    calm = longest_attractor(position, curve.drift, np.zeros_like(position), trial)
    if not (slow or _is_slow(curve, position, calm, spread)):
        return None
    jacobians = dynamics.jacobian(torch.from_numpy(curve.states))
    transversal = largest_transversal(torch.linalg.eigvals(jacobians).numpy(), along=1)
    piece = longest_attractor(position, curve.drift, transversal, trial)
    cut = not curve.closed and _is_slow(curve, position, piece, spread)
    if not (cut or slow):
        return None
    kept = piece if cut else everywhere
    return curve_continuum(
        curve.states[kept],
        curve.drift[kept],
        1 + curve.rate[kept],
        transversal[kept],
        curve.closed,
        trial,
    )


def _is_slow(curve: Curve, position: np.ndarray, piece: slice, spread: float) -> bool:
    """Whether a piece of a curve is a continuum."""
    if not len(position[piece]):
        return False
    length = position[piece][-1] - position[piece][0]
    drift = np.median(np.abs(curve.drift[piece]))
    return _is_continuum(length, float(np.median(curve.next_rate[piece])), drift, spread)


def _is_continuum(length: float, beyond: float, drift: float, spread: float) -> bool:
    """Tell a continuum from a point with a tail and from a path between discrete points."""
    return bool(length >= SHORT * spread and length * min(beyond, 1.0) >= SLOWER * drift)
