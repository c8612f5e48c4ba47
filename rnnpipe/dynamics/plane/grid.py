"""The part of the plane of κ that is shown, its nodes, and the attractors that they lead to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics.attractors.settle import settle
from rnnpipe.dynamics.attractors.targets import Moving, separations, targets
from rnnpipe.dynamics.plane.reduced_map import ReducedMap

# Of the range of the states that must be seen: what is shown on each side beside it, and how far
# off other points may lie and be seen too.
MARGIN = 0.08
FAR = 0.5
# Nodes along a line are more than along an axis of a plane, by this factor.
FINER = 8
# A run that moves less than this per update, relative to the extent of what is shown, rests.
AT_REST = 1e-9
PLANE = 2


@dataclass(frozen=True)
class View:
    """The part of the space of κ that is shown: along the first two directions, at most.

    Attributes
    ----------
    low, high
        Ends of what is shown, (axis,), one axis at rank 1, else two.
    slice
        κ along the directions beyond the first two, (rank - axis,).
    """

    low: np.ndarray
    high: np.ndarray
    slice: np.ndarray

    @property
    def extent(self) -> float:
        """Widest range."""
        return float((self.high - self.low).max())

    def nodes(self, per_axis: int) -> np.ndarray:
        """κ (node, rank) of a regular grid, the first direction fastest; finer along a line."""
        if len(self.low) == 1:
            per_axis = FINER * (per_axis - 1) + 1
        axes = [np.linspace(a, b, per_axis) for a, b in zip(self.low, self.high, strict=True)]
        places = np.stack([axis.ravel() for axis in np.meshgrid(*axes)], axis=1)
        return np.concatenate([places, np.tile(self.slice, (len(places), 1))], axis=1)


def view(seen: np.ndarray, others: np.ndarray, visited: np.ndarray) -> View:
    """The part of the space of κ in which a network's states and its skeleton lie.

    Parameters
    ----------
    seen
        κ of what must be seen, such as visited states and attractors, (state, rank).
    others
        κ of points that are seen unless they lie off by more than half of that range.
    visited
        κ of visited states, at whose mean the space is cut beyond the first two directions.
    """
    axes = min(seen.shape[1], PLANE)
    low, high = seen[:, :axes].min(0), seen[:, :axes].max(0)
    reach = FAR * (high - low).max()
    places = others[:, :axes]
    near = ((places >= low - reach) & (places <= high + reach)).all(1)
    shown = np.concatenate([seen[:, :axes], places[near]])
    low, high = shown.min(0), shown.max(0)
    widest = float((high - low).max()) or 1.0
    # A flat range is widened, so that the flow beside it is seen.
    short = np.maximum(0.5 * (0.2 * widest - (high - low)), 0.0)
    margin = MARGIN * np.maximum(high - low, 0.2 * widest) + short
    return View(low - margin, high + margin, visited[:, axes:].mean(0))


def ends(
    reduced: ReducedMap,
    starts: np.ndarray,
    attractors: Sequence[Moving],
    unstable: np.ndarray,
    extent: float,
    steps: int,
) -> np.ndarray:
    """Attractors at which runs of κ settle: their basins.

    Parameters
    ----------
    reduced
        The map of κ.
    starts
        κ (start, rank).
    attractors
        In κ: states (phase, rank), one of a point.
    unstable
        κ of points that do not attract, (point, rank): runs near them are on their way.
    extent
        Widest range of κ that is looked at.
    steps
        Most updates.

    Returns
    -------
    numpy.ndarray
        (start,), place among the attractors; -1 of runs that settle at none.
    """
    groups = [*(attractor.states for attractor in attractors), *unstable[:, None]]
    apart = separations(groups, extent)[: len(attractors)]
    places, _ = settle(
        reduced.update,
        torch.from_numpy(starts),
        targets(np.empty((0, starts.shape[1])), attractors, apart, extent),
        AT_REST * extent,
        steps,
    )
    return places
