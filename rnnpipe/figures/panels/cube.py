"""A cube around a skeleton, as a camera sees it that stays while the skeleton changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rnnpipe.figures.projection import PLACE, camera, view

_CORNERS = np.array(list(itertools.product([-1.0, 1.0], repeat=3)))
_EDGES = [
    pair
    for pair in itertools.combinations(range(8), 2)
    if np.count_nonzero(_CORNERS[pair[0]] != _CORNERS[pair[1]]) == 1
]


@dataclass(frozen=True)
class Box:
    """A cube around places in three dimensions, and the direction that it is seen from.

    Attributes
    ----------
    middle, half
        Its middle (3,), and half of its side.
    elevation, azimuth
        Direction to the camera, degrees.
    """

    middle: np.ndarray
    half: float
    elevation: float
    azimuth: float

    @classmethod
    def around(cls, rows: pd.DataFrame) -> Box:
        """The box around all rows; the camera sees those of the last step apart."""
        places = rows[PLACE].to_numpy(float)
        last = rows.loc[rows["step"] == rows["step"].max(), PLACE].to_numpy(float)
        low, high = places.min(axis=0), places.max(axis=0)
        half = 0.54 * float((high - low).max()) or 1.0
        return cls((low + high) / 2, half, *camera(last))

    def seen(self, places: np.ndarray) -> np.ndarray:
        """Where places (place, 3) lie in the panel, (place, 2)."""
        return view(places - self.middle, self.elevation, self.azimuth)

    def depth(self, rows: pd.DataFrame) -> np.ndarray:
        """How near to the camera rows lie, (row,)."""
        e, a = np.deg2rad([self.elevation, self.azimuth])
        towards = np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])
        return rows[PLACE].to_numpy(float) @ towards

    def edges(self) -> np.ndarray:
        """The twelve edges as seen, (edge, end, 2)."""
        return self.seen(self.middle + self.half * _CORNERS)[np.array(_EDGES)]

    def bearing(self) -> Iterator[np.ndarray]:
        """Middles (3,) of the edges that axes are named at: two below in front, one at the left."""
        places = self.seen(self.half * _CORNERS + self.middle)
        lowest, leftmost = places[:, 1].argmin(), places[:, 0].argmin()
        for axis, corner in enumerate((lowest, lowest, leftmost)):
            middle = _CORNERS[int(corner)].copy()
            middle[axis] = 0.0
            yield self.middle + self.half * middle
