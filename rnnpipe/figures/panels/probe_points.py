"""Fixed points of one network under many probes, coloured by what each probe stands for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from mpl_toolkits.mplot3d import Axes3D
from mpl_toolkits.mplot3d.art3d import Line3DCollection

from rnnpipe.figures import layout, style
from rnnpipe.figures.kinds import trajectories
from rnnpipe.figures.kinds.trajectories import AXES, TIPS

# Segments are longer than where many points lie close together.
_LONGER = 3.0


def panel(ax: Axes3D, rows: pd.DataFrame, norm: Normalize) -> Axes3D:
    """Points and both axes of each unstable oscillating plane along three components.

    Parameters
    ----------
    ax
        Axes with three dimensions.
    rows
        Layers ``path``, ``point`` and ``mode`` of ``trajectories.prepare``; points and modes with
        a column ``value``, that of their probe.
    norm
        Range of the values' colours.
    """
    layer = {name: rows[rows["layer"] == name] for name in ("path", "point", "mode")}
    fixed, modes = layer["point"], layer["mode"]
    if fixed.empty:
        return layout.empty(ax, "no fixed points", square=True)
    lines = [trial[AXES].to_numpy(float) for _, trial in layer["path"].groupby("trial")]
    ax.add_collection(Line3DCollection(lines, colors=style.PALE, lw=0.35, alpha=0.6, zorder=1))
    colours = style.SEQUENTIAL
    if len(modes):
        middle, tips = modes[AXES].to_numpy(float), _LONGER * modes[TIPS].to_numpy(float)
        ends = np.stack([middle - tips, middle + tips], axis=1)
        own = colours(norm(modes["value"].to_numpy(float)))
        ax.add_collection(Line3DCollection(list(ends), colors=own, lw=1.0, zorder=3))
    ax.scatter(
        *fixed[AXES].to_numpy(float).T,
        c=fixed["value"].to_numpy(float),
        cmap=colours,
        norm=norm,
        s=16,
        edgecolors="white",
        linewidths=0.4,
        depthshade=False,
        zorder=4,
    )
    trajectories.frame_axes(ax, pd.concat([layer["path"], fixed])[AXES].to_numpy(float), 3)
    trajectories.stage(ax, rows)
    return ax
