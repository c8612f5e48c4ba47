"""Layers of the three-dimensional plot: each a few traces that are switched together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rnnpipe.figures.projection import PLACE
from rnnpipe.pages.coordinates import belongs, rounded


@dataclass(frozen=True)
class Layer:
    """A layer of the plot.

    Attributes
    ----------
    name
        Name by which its traces are switched.
    label
        Its entry in the legend.
    look
        Line or marker of that entry, as Plotly's attributes.
    traces
        What is drawn.
    shown
        Whether it is shown at first.
    """

    name: str
    label: str
    look: Mapping[str, Any]
    traces: list[go.Scatter3d]
    shown: bool = True

    def __post_init__(self) -> None:
        for trace in self.traces:
            trace.visible = self.shown

    @property
    def entry(self) -> go.Scatter3d:
        """A trace that draws nothing and stands in the legend."""
        return go.Scatter3d(
            x=[None],
            y=[None],
            z=[None],
            mode="lines" if "line" in self.look else "markers",
            name=self.label,
            meta={"entry": self.name, "shown": self.shown},
            visible=True if self.shown else "legendonly",
            **self.look,
        )


@dataclass(frozen=True)
class Drawing:
    """How coordinates are written: the scene's probes, and decimal places that can be seen."""

    probes: tuple[str, ...]
    places: int

    def coordinates(self, rows: pd.DataFrame) -> dict[str, list[float | None]]:
        """Places of rows as Plotly's x, y and z."""
        return self.places_of(rows[PLACE].to_numpy(float))

    def places_of(self, places: np.ndarray) -> dict[str, list[float | None]]:
        """Places, (row, 3), as Plotly's x, y and z."""
        return {
            axis: rounded(values, self.places) for axis, values in zip("xyz", places.T, strict=True)
        }

    def trace(
        self, rows: pd.DataFrame, layer: str, order: int | None = None, **look: Any
    ) -> go.Scatter3d:
        """A trace of rows with a place and perhaps a probe; without hover unless `look` has it."""
        own = {"customdata": belongs(rows, self.probes)} if "probe" in rows else {}
        return go.Scatter3d(
            **self.coordinates(rows),
            **own,
            meta={"layer": layer, "order": order},
            showlegend=False,
            **{"hoverinfo": "skip", **look},
        )


def by_order(rows: pd.DataFrame) -> Iterator[tuple[int | None, pd.DataFrame]]:
    """Rows of every number of unstable modes, then the rows of unknown stability."""
    for order, own in rows.groupby("unstable", observed=True):
        yield int(order), own
    if len(unknown := rows[rows["unstable"].isna()]):
        yield None, unknown
