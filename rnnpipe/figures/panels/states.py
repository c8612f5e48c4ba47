"""States of trials, fixed points, attractors and unstable directions along components."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import Axes3D
from mpl_toolkits.mplot3d.art3d import Line3DCollection

from rnnpipe.dynamics.classes import growing
from rnnpipe.figures import layout, style
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors, points
from rnnpipe.figures.projection import PLACE, TIP, camera, placed, project_vectors
from rnnpipe.figures.selection import network_rows, rows_of
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK

LAYERS = ("path", "point", "moving", "mode")
COLUMNS = [
    "trial",
    "condition",
    *attractors.COLUMNS,
    "unstable",
    "marginal",
    "re",
    "im",
    *PLACE,
    *TIP,
]
SEGMENT = "#A50F15"

# Half length of an unstable eigenvector's segment, as a share of the trajectories' extent.
_REACH = 0.09
# Under many probes segments are longer: there many points lie close together.
_LONGER = 3.0


def prepare(
    tables: Mapping[str, pd.DataFrame], chosen: pd.DataFrame, options: FigureOptions
) -> pd.DataFrame:
    """Gather a panel per chosen network, its trajectories, points, attractors, unstable modes.

    All have coordinates pc1, pc2, pc3; attractors beside the points (layer ``moving``) one row
    per state. A mode has the coordinates of its point, and dpc1, dpc2, dpc3 from there to one end
    of its segment.
    """
    kept = rows_of(tables["trajectories"], chosen)
    kept = kept[kept.groupby(NETWORK)["trial"].rank(method="dense") <= options.trials]
    found = points.classified(tables, chosen, options.probe)
    moving = attractors.moving(tables, chosen, options.probe).drop(columns=["probe", "readout"])
    modes = tables["modes"][tables["modes"]["probe"] == options.probe]
    layers = []
    for key, components in rows_of(tables["components"], chosen).groupby(NETWORK, sort=False):
        paths = network_rows(kept, key)[[*NETWORK, "trial", "time", "condition", "state"]]
        paths = placed(paths.sort_values(["trial", "time"]), components).assign(layer="path")
        fixed = placed(network_rows(found, key), components).assign(layer="point")
        curves = placed(network_rows(moving, key), components).assign(layer="moving")
        layers += [paths, fixed.drop(columns="readout"), curves]
        if len(fixed):
            first = fixed[[*NETWORK, "point", *PLACE]]
            extent = float(np.ptp(pd.concat([paths, fixed])[PLACE].to_numpy(), axis=0).max())
            own = network_rows(modes, key)
            layers.append(directions(own, first, components, extent).assign(layer="mode"))
    return layout.stack(COLUMNS, chosen, *layers)


def directions(
    modes: pd.DataFrame, fixed: pd.DataFrame, components: pd.DataFrame, extent: float
) -> pd.DataFrame:
    """Segments along the unstable eigenvectors; a complex pair gives the plane's two axes.

    Parameters
    ----------
    modes
        Rows of the table ``modes`` of one network.
    fixed
        Its points, with the columns that tell them apart in `modes`, and their places.
    components
        Its principal components.
    extent
        Widest range of what is drawn.

    Returns
    -------
    The rows of `fixed` with re, im, and dpc1, dpc2, dpc3 from there to one end of the segment.
    """
    unstable = modes[growing(np.hypot(modes["re"], modes["im"])) & modes["right_re"].notna()]
    key = [name for name in ("probe", "point") if name in fixed]
    rows = fixed.merge(unstable[[*key, "re", "im", "right_re", "right_im"]], on=key)
    if rows.empty:
        return rows
    second = (rows["im"] < 0).to_numpy()[:, None]
    vectors = np.where(second, matrix(rows["right_im"]), matrix(rows["right_re"]))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tips = _REACH * extent * project_vectors(vectors, components, 3)
    rows = rows.drop(columns=["right_re", "right_im"])
    return rows.assign(**dict(zip(TIP, tips.T, strict=True)))


def _lines(paths: pd.DataFrame, axes: list[str], coloured: bool) -> tuple[list, np.ndarray | None]:
    """Polylines of the trials; or, when coloured, their single steps and each step's condition."""
    trials = [
        (t[axes].to_numpy(), t["condition"].to_numpy(float)) for _, t in paths.groupby("trial")
    ]
    if not coloured:
        return [places for places, _ in trials], None
    steps = [np.stack([p[:-1], p[1:]], axis=1) for p, _ in trials]
    return list(np.concatenate(steps)), np.concatenate([c[1:] for _, c in trials])


def norm_for(conditions: pd.Series, kind: str) -> Normalize:
    """Range of the condition's colours: a whole turn, or the values that occur."""
    if kind == "circular":
        return Normalize(-np.pi, np.pi)
    return Normalize(conditions.min(), conditions.max())


def panel(ax: Axes, rows: pd.DataFrame, dimensions: int, kind: str, norm: Normalize | None) -> Axes:
    """Trajectories and the skeleton of one network, in 2 or 3 components."""
    axes, tips = PLACE[:dimensions], TIP[:dimensions]
    layer = {name: rows[rows["layer"] == name] for name in LAYERS}
    places = pd.concat([layer[name] for name in ("path", "point", "moving")])[PLACE]
    collection = Line3DCollection if dimensions == 3 else LineCollection
    lines, conditions = _lines(layer["path"], axes, norm is not None)
    if norm is not None and kind == "circular":
        conditions = np.angle(np.exp(1j * conditions))
    look = (
        {"colors": style.GREY, "alpha": 0.22}
        if norm is None
        else {"cmap": style.condition_map(kind), "norm": norm, "array": conditions, "alpha": 0.5}
    )
    # Coloured step by step, the lines would make megabytes of an SVG.
    many = norm is not None
    ax.add_collection(collection(lines, lw=0.35, zorder=1, rasterized=many, **look))
    if len(layer["mode"]):
        middle = layer["mode"][axes].to_numpy(float)
        reach = layer["mode"][tips].to_numpy(float)
        ends = np.stack([middle - reach, middle + reach], axis=1)
        ax.add_collection(collection(list(ends), colors=SEGMENT, lw=1.1, zorder=4))
    attractors.draw(ax, layer["moving"], axes, float(np.ptp(places.to_numpy(float), axis=0).max()))
    points.scatter(ax, layer["point"], axes)
    frame_axes(ax, places.to_numpy(float), dimensions)
    return ax


def probes_panel(ax: Axes3D, rows: pd.DataFrame, norm: Normalize) -> Axes3D:
    """Points, both axes of each unstable oscillating plane, and attractors that move.

    Parameters
    ----------
    ax
        Axes with three dimensions.
    rows
        Of ``prepare``; all but paths with a column ``value``, the value of their probe.
    norm
        Range of the values' colours.
    """
    layer = {name: rows[rows["layer"] == name] for name in LAYERS}
    fixed, modes, moving = layer["point"], layer["mode"], layer["moving"]
    places = pd.concat([layer["path"], fixed, moving])[PLACE].to_numpy(float)
    if fixed.empty and moving.empty:
        return layout.empty(ax, "no fixed points", square=True)
    lines = [trial[PLACE].to_numpy(float) for _, trial in layer["path"].groupby("trial")]
    ax.add_collection(Line3DCollection(lines, colors=style.PALE, lw=0.35, alpha=0.6, zorder=1))
    colours = style.SEQUENTIAL
    if len(modes):
        middle, tips = modes[PLACE].to_numpy(float), _LONGER * modes[TIP].to_numpy(float)
        ends = np.stack([middle - tips, middle + tips], axis=1)
        own = colours(norm(modes["value"].to_numpy(float)))
        ax.add_collection(Line3DCollection(list(ends), colors=own, lw=1.0, zorder=3))
    ax.scatter(
        *fixed[PLACE].to_numpy(float).T,
        c=fixed["value"].to_numpy(float),
        cmap=colours,
        norm=norm,
        s=16,
        edgecolors="white",
        linewidths=0.4,
        depthshade=False,
        zorder=4,
    )
    own = {(value, p): colours(norm(value)) for value, p in moving[["value", "point"]].values}
    extent = float(np.ptp(places, axis=0).max())
    attractors.draw(ax, moving, PLACE, extent, colours=own, keys=("value", "point"))
    frame_axes(ax, places, 3)
    stage(ax, rows)
    return ax


def frame_axes(ax: Axes, places: np.ndarray, dimensions: int) -> None:
    """Set equal scales on all axes, so that the projection's angles and distances are seen."""
    low, high = places.min(axis=0), places.max(axis=0)
    half = 0.54 * (high - low).max() or 1.0
    for index, name in enumerate("xyz"[:dimensions]):
        middle = (low[index] + high[index]) / 2
        getattr(ax, f"set_{name}lim")(middle - half, middle + half)
        getattr(ax, f"set_{name}label")(f"PC {index + 1}")
        locator = MaxNLocator(4, steps=[1, 2, 3, 5, 10])
        getattr(ax, f"{name}axis").set_major_locator(locator)
    if dimensions == 2:
        ax.set_aspect("equal")


def stage(ax: Axes, rows: pd.DataFrame) -> None:
    """Look of the three-dimensional axes: camera, light grid, labels close by."""
    fixed = rows.loc[rows["layer"] == "point", PLACE].to_numpy(float)
    elevation, azimuth = camera(fixed)
    ax.view_init(elevation, azimuth)
    # Points stay in front of the trajectories that run through them.
    ax.computed_zorder = False
    ax.set_box_aspect((1, 1, 1), zoom=1.3)
    ax.patch.set_alpha(0)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color((1, 1, 1, 0))
        axis._axinfo["grid"].update(color=style.PALE, linewidth=0.4)
        axis.set_ticklabels([])
        axis.labelpad = -15
