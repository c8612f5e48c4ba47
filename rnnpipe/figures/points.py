"""Fixed points with their stability, ready to be placed in a panel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnnpipe.figures import style
from rnnpipe.figures.selection import NETWORK, rows_of

_POINT = [*NETWORK, "probe", "point"]


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
    stability = tables["stability"][[*_POINT, "unstable", "class"]]
    joined = points.merge(stability, on=_POINT, how="left")
    joined["marginal"] = joined["class"] == "marginal"
    return joined[[*NETWORK, "point", "state", "readout", "kind", "unstable", "marginal"]]


def scatter(ax: Axes, points: pd.DataFrame, columns: list[str], size: float = 14.0) -> Axes:
    """Draw fixed points: filled by unstable modes, hollow when marginal, diamonds when slow."""
    slow = (points["kind"] == "slow").to_numpy()
    for is_slow, marker in ((False, "o"), (True, "D")):
        group = points[slow == is_slow]
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
    common = {"ls": "", "ms": 4, "mfc": "white"}
    if points["marginal"].astype(bool).any():
        entries.append(Line2D([], [], marker="o", mec=style.INK, label="marginal", **common))
    if (points["kind"] == "slow").any():
        entries.append(
            Line2D([], [], marker="D", ls="", ms=3.5, color=style.GREY, label="slow point")
        )
    return entries
