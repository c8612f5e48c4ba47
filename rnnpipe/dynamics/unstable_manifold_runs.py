"""Runs along unstable manifolds: the path of a state pushed off an unstable point.

The runs behind the edges ``unstable manifold`` of `rnnpipe.dynamics.transitions`, kept in the few
components in which they are drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.attractors.targets import separations
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.transitions import AT_REST, unstable_directions

# Points of a drawn run lie at least this far apart, and it is drawn no longer than this, for it
# may go round and round; relative to the spread of states.
SPACING, LENGTH = 0.01, 9.0


@dataclass(frozen=True)
class UnstableManifoldRun:
    """One run off an unstable point.

    Attributes
    ----------
    source
        Number of the point that it starts at.
    places
        (step, component), from the point on; steps that move next to nothing are left out.
    """

    source: int
    places: np.ndarray


def unstable_manifold_runs(
    dynamics: Dynamics,
    points: np.ndarray,
    eigenvalues: Sequence[np.ndarray],
    right: Sequence[np.ndarray],
    project: Callable[[np.ndarray], np.ndarray],
    *,
    spread: float,
    size: float = 0.03,
    steps: int = 1000,
    most: int = 400,
) -> list[UnstableManifoldRun]:
    """Run off every point along both directions of its unstable eigenvectors.

    Parameters
    ----------
    dynamics
        The map at the probe input.
    points
        (point, unit), its fixed points.
    eigenvalues, right
        Of each point the modes that are followed, (mode,) and (mode, unit).
    project
        (state, unit) to (state, component): where states are drawn.
    spread
        Root mean square distance of the visited states from their mean.
    size
        Length of a push relative to the distance of the nearest other point.
    steps
        Most updates; a run ends where it comes to rest.
    most
        Most runs, those of the first points.
    """
    push = size * separations([point[None] for point in points], spread)
    starts, sources = [np.empty((0, dynamics.units))], []
    for source, point in enumerate(points):
        directions = unstable_directions(eigenvalues[source], right[source])
        starts.append(point + push[source] * directions)
        sources += [source] * len(directions)
    states = np.concatenate(starts)[:most]
    sources = np.array(sources[:most], dtype=np.int64)
    track, moving = _run(dynamics, states, project, AT_REST * spread, steps)
    firsts = project(points[sources]) if len(sources) else np.empty((0, 1))
    return [
        UnstableManifoldRun(int(source), _drawn(np.vstack([first, path[:end]]), spread))
        for source, first, path, end in zip(sources, firsts, track, moving, strict=True)
    ]


def _run(
    dynamics: Dynamics,
    states: np.ndarray,
    project: Callable[[np.ndarray], np.ndarray],
    at_rest: float,
    steps: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Run states; return places (run, step, component), and their number until a run rests."""
    if len(states) == 0:
        return np.empty((0, 0, 1)), np.empty(0, dtype=np.int64)
    ends = np.full(len(states), steps + 1)
    track, now = [project(states)], dynamics.placed(states)
    for update in range(1, steps + 1):
        moved = dynamics.step(now)
        rests = ((moved - now).norm(dim=1) < at_rest).cpu().numpy()
        now = moved
        track.append(project(now.cpu().numpy()))
        ends[rests] = np.minimum(ends[rests], update + 1)
        if (ends <= update + 1).all():
            break
    return np.stack(track, axis=1), np.minimum(ends, len(track))


def _drawn(places: np.ndarray, spread: float) -> np.ndarray:
    """The first part of a run, thinned to places at least the spacing apart."""
    length = np.cumsum(np.linalg.norm(np.diff(places, axis=0), axis=1))
    places = places[: 2 + int(np.searchsorted(length, LENGTH * spread))]
    apart = SPACING * spread
    kept = [0]
    for number in range(1, len(places) - 1):
        if np.linalg.norm(places[number] - places[kept[-1]]) >= apart:
            kept.append(number)
    return places[[*kept, len(places) - 1]]
