"""The box around a scene: the walls behind it, and the edges that bear the scales."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator

from rnnpipe.scene.view import View

_PAD = 0.03
_TICKS = 5


@dataclass(frozen=True)
class Scale:
    """The edge of the box along one axis.

    Attributes
    ----------
    ends
        (2, 3), its ends.
    ticks
        Values along the axis.
    places
        (tick, 3), where they lie.
    outward
        (3,), direction away from the box, in which labels stand.
    """

    ends: np.ndarray
    ticks: np.ndarray
    places: np.ndarray
    outward: np.ndarray


def bounds(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners (3,), (3,) of a box around places (place, 3), no side much thinner than others.

    The pictures and the pages of a scene have this box; without places it is a cube around 0.
    """
    if not len(places):
        return -np.ones(3), np.ones(3)
    low, high = places.min(axis=0), places.max(axis=0)
    widest = float((high - low).max()) or 1.0
    half = np.maximum((high - low) / 2, 0.1 * widest) + _PAD * widest
    middle = (low + high) / 2
    return middle - half, middle + half


def corners(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The eight corners (8, 3)."""
    return np.stack(np.meshgrid(*np.stack([low, high], axis=1)), axis=-1).reshape(-1, 3)


def ticks(low: float, high: float) -> np.ndarray:
    """Round values within a range."""
    values = MaxNLocator(_TICKS, steps=[1, 2, 5, 10]).tick_values(low, high)
    return values[(values >= low) & (values <= high)]


def walls(low: np.ndarray, high: np.ndarray, view: View) -> list[np.ndarray]:
    """Lines (2, 3) of the grid on the floor and the two walls that the camera sees from inside."""
    back = np.where(view.towards > 0, low, high)
    back[2] = low[2] if view.elevation >= 0 else high[2]
    lines = []
    for normal in range(3):
        across = [axis for axis in range(3) if axis != normal]
        for axis, other in (across, across[::-1]):
            for value in (low[axis], *ticks(low[axis], high[axis]), high[axis]):
                line = np.empty((2, 3))
                line[:, normal], line[:, axis] = back[normal], value
                line[:, other] = low[other], high[other]
                lines.append(line)
    return lines


def scales(low: np.ndarray, high: np.ndarray, view: View, aspect: float) -> list[Scale]:
    """The edges along which the three axes are labelled: two of the floor in front, one upright."""
    near = np.where(view.towards > 0, high, low)
    floor = low[2] if view.elevation >= 0 else high[2]
    found = []
    for axis, other in ((0, 1), (1, 0)):
        corner = np.array([0.0, 0.0, floor])
        corner[other] = near[other]
        outward = np.zeros(3)
        outward[other] = np.sign(near[other] - low[other] - (high[other] - low[other]) / 2)
        found.append(_scale(axis, corner, low, high, outward))
    upright = [np.array([x, y, 0.0]) for x in (low[0], high[0]) for y in (low[1], high[1])]
    middle = (low[2] + high[2]) / 2
    seen = view.seen(np.stack(upright) + np.array([0.0, 0.0, middle]), aspect)
    found.append(_scale(2, upright[int(seen[:, 0].argmin())], low, high, -view.right))
    return found


def _scale(
    axis: int, corner: np.ndarray, low: np.ndarray, high: np.ndarray, outward: np.ndarray
) -> Scale:
    values = ticks(low[axis], high[axis])
    places = np.repeat(corner[None], len(values), axis=0)
    places[:, axis] = values
    ends = np.stack([corner, corner])
    ends[:, axis] = low[axis], high[axis]
    return Scale(ends, values, places, outward)
