"""Where a search starts: between visited states, anywhere in the box, along modes of points."""

from itertools import pairwise

import numpy as np
import torch

from rnnpipe.dynamics.fixed_points.batch import at_once
from rnnpipe.dynamics.leading_modes import leading_directions
from rnnpipe.dynamics.maps import Dynamics

# A side of the box is wide if it is longer than this, an activation's whole
# range, and than so many times the visited range.
LONG = 2.0
WIDE = 4.0
# The visited range of a variable counts as at least so wide, relative to the widest.
NARROW = 0.1
# Updates for which starts from the box are run on.
UPDATES = (1, 3, 10)
# How far starts lie along a mode, relative to the spread of the visited states.
DISTANCES = (0.2, 0.5, 1.0)


def mix(states: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw random convex mixtures of three states.

    Fixed points lie between and around the states that a network visits, and
    saddles lie between stable points: mixtures reach all of these, harvested
    states alone do not.

    Parameters
    ----------
    states
        (state, unit).
    count
        Number of mixtures.
    rng
        Source of the triples (with replacement) and of their weights, which
        are Dirichlet(1, 1, 1), uniform on the triangle.

    Returns
    -------
    numpy.ndarray
        (count, unit).
    """
    triples = rng.integers(len(states), size=(count, 3))
    weights = rng.dirichlet(np.ones(3), size=count)
    return np.einsum("ck,cku->cu", weights, states[triples])


def whole_range(dynamics: Dynamics, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest values (unit,) between which starts are drawn.

    They are the sides of the invariant box. Where a side is wide, as of an
    LSTM's cell state, or there is no box, nearly all of it may lie where the
    network never comes: there the visited range is widened by half of it on
    both sides, within the box. A variable that hardly varies counts as varying
    by a tenth of what the most varied one does.

    Parameters
    ----------
    dynamics
        The map, with its box.
    states
        (state, unit), visited.

    Returns
    -------
    low, high
        Each (unit,).
    """
    low, high = states.min(0), states.max(0)
    middle, reach = (low + high) / 2, high - low
    reach = np.maximum(reach, NARROW * reach.max(initial=0.0))
    low, high = middle - reach, middle + reach
    if dynamics.box is None:
        return low, high
    floor, ceiling = (corner.cpu().numpy() for corner in dynamics.box)
    wide = ceiling - floor > np.maximum(LONG, WIDE * reach)
    return (
        np.where(wide, np.maximum(low, floor), floor),
        np.where(wide, np.minimum(high, ceiling), ceiling),
    )


def run_on(dynamics: Dynamics, states: np.ndarray) -> np.ndarray:
    """Run the map on from states (state, unit), a quarter each for 0, 1, 3 and 10 updates.

    In gated networks Newton fails from nearly all of the box, and after a few
    updates from almost nowhere; unstable points need starts that have not moved.
    Where a state leaves the numbers, it stays as it is.
    """
    now = dynamics.placed(states).clone()
    for before, after in pairwise((0, *UPDATES)):
        moving = now[len(states) * (1 + UPDATES.index(after)) // (1 + len(UPDATES)) :]
        for _ in range(after - before):
            moved = dynamics.step(moving)
            moving.copy_(torch.where(torch.isfinite(moved).all(1, keepdim=True), moved, moving))
    return now.cpu().numpy()


def along_modes(
    dynamics: Dynamics,
    points: np.ndarray,
    modes: int,
    spread: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """States on both sides of every point along its leading modes, at three distances.

    Near points lead to their neighbours: the leading modes, those of largest
    |lambda|, are the directions along which a network has more than one
    point. Of a complex pair real and imaginary part are two directions.

    Parameters
    ----------
    dynamics
        The map.
    points
        (point, unit).
    modes
        Directions per point, at most the number of units.
    spread
        Of the visited states; the distances are 0.2, 0.5 and 1 of it.
    rng
        Source of the directions with which the iteration for the modes begins.

    Returns
    -------
    numpy.ndarray
        (start, unit), six starts per point and mode.
    """
    signed = spread * np.array([sign * d for d in DISTANCES for sign in (1, -1)])
    starts = [np.empty((0, dynamics.units))]
    for chunk in dynamics.placed(points).split(at_once(dynamics.units)):
        directions = leading_directions(dynamics, chunk, modes, rng=rng).cpu().numpy()
        moved = signed[:, None] * directions[:, :, None]
        starts.append((chunk.cpu().numpy()[:, None, None] + moved).reshape(-1, dynamics.units))
    return np.concatenate(starts)
