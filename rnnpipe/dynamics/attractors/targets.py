"""Attractors as places at which runs settle: how near a run must come, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics.attractors.settle import DWELL, Targets
from rnnpipe.dynamics.classes import CYCLE, FIXED, SLOW
from rnnpipe.dynamics.distances import distances_between

# A state is near an attractor within this, relative to the attractor's distance
# to its nearest neighbour.
ARRIVAL_RADIUS = 0.05
# The states of a curve are a sample of it: a run that follows it stays within their spacing for a
# turn, or for so many updates where a turn takes longer or there is none.
LONGEST_DWELL = 100


@dataclass(frozen=True)
class Moving:
    """An attractor that is none of the known points.

    Attributes
    ----------
    kind
        Of `rnnpipe.dynamics.classes.KINDS`.
    states
        (phase, unit): of a point or a cycle all of its states in turn, of others a sample in order
        along it.
    period
        Updates per turn; NaN where there is none.
    """

    kind: str
    states: np.ndarray
    period: float = np.nan

    @property
    def exact(self) -> bool:
        """Whether its states are all that it has, and are met again one by one."""
        return self.kind in (FIXED, CYCLE)

    @property
    def settled(self) -> bool:
        """Whether a run may settle there: of a slow drift nobody knows where it ends."""
        return self.kind != SLOW

    @property
    def spacing(self) -> float:
        """Largest distance from a state of the sample to those beside it; 0 where they are all.

        What of every second state is the farthest from the others bounds how far a state
        between them may lie from the sample.
        """
        if self.exact or len(self.states) < 2:
            return 0.0
        return float(distances_between(self.states[1::2], self.states[::2]).min(1).max())

    @property
    def dwell(self) -> int:
        """Updates for which a run must stay near it."""
        if self.exact:
            return DWELL
        turn = self.period if np.isfinite(self.period) else LONGEST_DWELL
        return int(min(DWELL + np.ceil(turn), LONGEST_DWELL))


def separations(groups: Sequence[np.ndarray], spread: float) -> np.ndarray:
    """Distance of each group of states (state, unit) to the nearest state of any other group.

    For a single group, the spread.
    """
    if len(groups) < 2:
        return np.full(len(groups), spread)
    states, owner = np.concatenate(groups), np.repeat(np.arange(len(groups)), [*map(len, groups)])
    distances = distances_between(states, states)
    distances[owner[:, None] == owner] = np.inf
    return np.array([distances[owner == group].min() for group in range(len(groups))])


def targets(
    points: np.ndarray, moving: Sequence[Moving], separation: np.ndarray, spread: float
) -> Targets:
    """Attractors at which runs may settle, points first.

    A point is met within a twentieth of its distance to its neighbour, or of the spread. So is a
    cycle, at its states; around the states of any other attractor the radius covers the spacing
    between them, but no more than half of the way to another attractor.

    Parameters
    ----------
    points
        (point, unit), those that attract.
    moving
        The attractors that are no points.
    separation
        (attractor,), distance of each to the nearest point or attractor.
    spread
        Root mean square distance of the visited states from their mean.
    """
    groups = [*points[:, None], *(attractor.states for attractor in moving)]
    size = np.array([len(group) for group in groups], dtype=np.int64)
    exact = np.array([True] * len(points) + [attractor.exact for attractor in moving], dtype=bool)
    spacing = np.array([0.0] * len(points) + [attractor.spacing for attractor in moving])
    radii = ARRIVAL_RADIUS * np.minimum(separation, spread)
    wide = np.minimum(spacing, 0.5 * separations(groups, np.inf))
    owner = np.repeat(np.arange(len(groups)), size)
    return Targets(
        states=torch.from_numpy(np.concatenate([np.empty((0, points.shape[1])), *groups])),
        owner=torch.from_numpy(owner),
        period=torch.from_numpy(np.where(exact, size, 0)),
        dwell=torch.tensor([DWELL] * len(points) + [attractor.dwell for attractor in moving]),
        radius=torch.from_numpy(np.maximum(radii, wide)[owner]),
    )
