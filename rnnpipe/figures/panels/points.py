"""Fixed points with their stability, ready to be placed in a panel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnnpipe.dynamics.classes import MARGINAL_CLASS
from rnnpipe.figures import style
from rnnpipe.figures.selection import rows_of
from rnnpipe.population.spurious_points import spurious
from rnnpipe.tables.schemas import NETWORK, POINT

# Points off the trajectories by more than this share of their width are not drawn.
FAR = 0.5
MARKERS = {"fixed": "o", "slow": "D"}


def classified(
    tables: Mapping[str, pd.DataFrame], networks: pd.DataFrame, probe: str
) -> pd.DataFrame:
    """Fixed points of some networks under one probe, with number of unstable modes and class.

    Parameters
    ----------
    tables
        With ``fixed_points`` and ``stability``.
    networks
        Networks wanted (NETWORK columns).
    probe
        Name of the probe input.

    Returns
    -------
    Columns model, constraint, seed, point, state, readout, kind, unstable, marginal. Slow points
    that no stability was computed for have ``unstable`` missing.
    """
    points = tables["fixed_points"]
    points = rows_of(points[points["probe"] == probe], networks)
    stability = tables["stability"][[*POINT, "unstable", "class"]]
    joined = points.merge(stability, on=POINT, how="left")
    joined["marginal"] = joined["class"] == MARGINAL_CLASS
    columns = ["point", "state", "readout", "kind", "unstable", "marginal"]
    return joined[[*NETWORK, *columns]]


def kept(table: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of a table about points that are not spurious (``spurious_points``)."""
    points = tables["fixed_points"]
    own = points.loc[~spurious(points, tables["stability"], POINT), POINT]
    return table.merge(own, on=POINT)


def scatter(ax: Axes, points: pd.DataFrame, columns: list[str], size: float = 14.0) -> Axes:
    """Draw points: coloured by unstable modes, hollow if marginal, shaped by kind."""
    for kind, marker in MARKERS.items():
        group = points[(points["kind"] == kind).to_numpy()]
        if group.empty:
            continue
        colours = [
            style.GREY if np.isnan(k) else style.unstable_colour(int(k))
            for k in group["unstable"].astype(float)
        ]
        hollow = group["marginal"].to_numpy(dtype=bool)
        faces = ["white" if h else c for h, c in zip(hollow, colours, strict=True)]
        edges = [c if h else "white" for h, c in zip(hollow, colours, strict=True)]
        depth = {"depthshade": False} if len(columns) == 3 else {}
        ax.scatter(
            *[group[column].to_numpy(dtype=float) for column in columns],
            s=size,
            marker=marker,
            c=faces,
            edgecolors=edges,
            linewidths=np.where(hollow, 0.9, 0.4),
            zorder=5,
            **depth,
        )
    return ax


def handles(points: pd.DataFrame) -> list[Line2D]:
    """Legend entries for the fixed points of a figure."""
    if points.empty:
        return []
    fixed = points[points["unstable"].notna()]
    entries = style.unstable_handles(fixed["unstable"])
    if points["marginal"].astype(bool).any():
        entries.append(style.entry("marginal", "o", mfc="white", mec=style.INK))
    if (points["kind"] == "slow").any():
        entries.append(style.entry("slow point", "D", ms=3.5, color=style.GREY))
    return entries
