"""How many runs from visited states end elsewhere than at rest: a hint, at a small price."""

import numpy as np
import torch

from rnnpipe.dynamics.maps import Dynamics

# Relative to the spread of the states: the speed per update of a run at rest, and the
# distance within which a run that draws nearer to a point is taken to end there.
REST = 1e-9
NEAR = 1e-2
# Updates in the longest run, and between two looks at all.
LONGEST, CHECK_EVERY = 1000, 50


def runs_elsewhere(
    dynamics: Dynamics,
    states: np.ndarray,
    points: np.ndarray,
    spread: float,
    *,
    runs: int = 16,
) -> tuple[int, int]:
    """Run visited states forward, and count those that end neither at rest nor at a point.

    Parameters
    ----------
    dynamics
        The map.
    states
        (state, unit); at most ``runs`` of them, evenly chosen, start a run.
    points
        (point, unit), fixed points.
    spread
        Root mean square distance of the visited states from their mean.
    runs
        Number of runs.

    Returns
    -------
    tuple
        Number of runs, and of those that end elsewhere; runs that diverge are among them.
    """
    count = min(runs, len(states))
    chosen = np.linspace(0, len(states) - 1, count).astype(int)
    now = before = dynamics.placed(states[chosen])
    for _ in range(0, LONGEST, CHECK_EVERY):
        before = now
        for _ in range(CHECK_EVERY):
            last, now = now, dynamics.step(now)
        moving = ~((now - last).norm(dim=1) < REST * spread)
        before, now = before[moving], now[moving]
        if len(now) == 0:
            return count, 0
    if len(points) == 0:
        return count, len(now)
    there = dynamics.placed(points)
    distance, nearest = torch.cdist(now, there).min(1)
    earlier = (before - there[nearest]).norm(dim=1)
    arrives = (distance < NEAR * spread) & (distance <= earlier)
    return count, int((~arrives).sum())
