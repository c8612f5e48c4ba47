"""The plane of κ of a network of low rank: flow, nullclines, basins, and what lies in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D

from rnnpipe.dynamics.classes import MARGINAL_CLASS
from rnnpipe.figures import style
from rnnpipe.figures.panels import attractors, points
from rnnpipe.figures.selection import rows_of
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK, POINT

PLACE = ["kappa1", "kappa2"]
FLOW = ["flow1", "flow2"]
# Of the space of κ the first two directions are drawn.
DRAWN = 2
COLUMNS = [
    "probe",
    "rank",
    "slice",
    "trial",
    "time",
    *attractors.COLUMNS[:-1],
    "unstable",
    "marginal",
    "attractor",
    *PLACE,
    *FLOW,
]
# Of the nullclines of the first and of the second direction.
LINES = ("-", style.DASHED)
NULL = "#444444"
# Share of a basin's colour in its tint.
TINT = 0.16
# Steps of trials that are drawn as dots at rank 1.
MOST_DOTS = 1500
_TRIALS = {"colors": style.GREY, "lw": 0.4, "alpha": 0.35, "zorder": 2, "rasterized": True}


def gather(
    tables: Mapping[str, pd.DataFrame], networks: pd.DataFrame, probes: Sequence[str]
) -> pd.DataFrame:
    """Gather what lies in the plane of some networks under some probes, layer by layer.

    Layers are ``axis`` (rank; at rank 3 the slice), ``node`` (flow1, flow2, and the attractor that
    the node leads to), ``path`` (trials of the probe), ``point`` (kind, unstable, marginal) and
    ``moving`` (attractors.COLUMNS). All but axes have kappa1 and, above rank 1, kappa2.

    Parameters
    ----------
    tables
        ``plane`` and those beside it, ``fixed_points``, ``stability`` and ``attractors``.
    networks
        Networks wanted (NETWORK columns).
    probes
        Names of the probes wanted.
    """

    def own(table: str) -> pd.DataFrame:
        rows = rows_of(tables[table], networks)
        return rows[rows["probe"].isin(probes)]

    named = tables["fixed_points"][[*POINT, "kind"]]
    stability = tables["stability"][[*POINT, "unstable", "class"]]
    found = own("plane_points").merge(named, on=POINT).merge(stability, on=POINT, how="left")
    found["marginal"] = found["class"] == MARGINAL_CLASS
    key = [*NETWORK, "probe", "attractor"]
    moving = own("plane_curves").merge(tables["attractors"][[*key, "kind", "period"]], on=key)
    moving = moving.rename(columns={"node": "point"}).sort_values([*key, "phase"], kind="stable")
    layers = [
        _axes(rows_of(tables["plane_axes"], networks)),
        _placed(own("plane")).assign(layer="node"),
        _placed(own("plane_trials")).assign(layer="path"),
        _placed(found).assign(layer="point"),
        _placed(moving).assign(layer="moving"),
    ]
    filled = [layer for layer in layers if len(layer)]
    return pd.concat(filled or layers[:1], ignore_index=True).reindex(
        columns=[*NETWORK, "layer", *COLUMNS]
    )


def _axes(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per network: its rank, and where the plane lies along the third direction."""
    grouped = rows.groupby(NETWORK, sort=False)
    once = grouped.agg(rank=("direction", "size"), slice=("slice", "last")).reset_index()
    return once.assign(layer="axis")


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """κ and its flow along the first two directions in columns of their own."""
    lists = {"kappa": PLACE, "flow": FLOW}
    parts = []
    # Networks of different rank have lists of different lengths.
    for _, own in rows.groupby(NETWORK, sort=False):
        for name in (name for name in lists if name in own):
            values = matrix(own[name])[:, :DRAWN]
            own = own.assign(**dict(zip(lists[name], values.T, strict=False)))
        parts.append(own)
    placed = pd.concat(parts) if parts else rows
    return placed.drop(columns=[name for name in lists if name in placed])


def panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """A network under one probe: its plane, or at rank 1 the change of κ per update.

    Parameters
    ----------
    rows
        Layers ``node`` (kappa1, kappa2, flow1, flow2, attractor), ``path`` (trial, kappa1, kappa2),
        ``point`` (kind, unstable, marginal) and ``moving`` (attractors.COLUMNS); kappa2 is
        missing at rank 1.
    """
    layer = {name: rows[rows["layer"] == name] for name in ("node", "path", "point", "moving")}
    line = layer["node"]["kappa2"].isna().all()
    return (_line if line else _plane)(ax, layer)


def _plane(ax: Axes, layer: dict[str, pd.DataFrame]) -> Axes:
    nodes = layer["node"]
    x, y = (np.unique(nodes[name].to_numpy(float)) for name in PLACE)
    shape = len(y), len(x)
    flow = [nodes[name].to_numpy(float).reshape(shape) for name in FLOW]
    half = [0.5 * (axis[1] - axis[0]) for axis in (x, y)]
    sides = [(axis[0] - h, axis[-1] + h) for axis, h in zip((x, y), half, strict=True)]
    _basins(ax, nodes, (*sides[0], *sides[1]))
    ax.streamplot(x, y, *flow, density=0.9, linewidth=0.45, arrowsize=0.45, color="#9DB2C4")
    for values, ls in zip(flow, LINES, strict=True):
        ax.contour(x, y, values, levels=[0.0], colors=NULL, linewidths=0.9, linestyles=[ls])
    trials = [own[PLACE].to_numpy(float) for _, own in layer["path"].groupby("trial")]
    ax.add_collection(LineCollection(trials, **_TRIALS))
    attractors.draw(ax, layer["moving"], PLACE, float(max(np.ptp(x), np.ptp(y))))
    points.scatter(ax, layer["point"], PLACE, size=16)
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    ax.set(xlabel=r"$\kappa_1$ (current)", ylabel=r"$\kappa_2$ (current)")
    return _square(ax)


def _line(ax: Axes, layer: dict[str, pd.DataFrame]) -> Axes:
    nodes = layer["node"].sort_values("kappa1")
    x, flow = nodes["kappa1"].to_numpy(float), nodes["flow1"].to_numpy(float)
    reach = 1.25 * float(np.abs(flow).max()) or 1.0
    _basins(ax, nodes, (x[0], x[-1], -reach, reach))
    ax.axhline(0, color=style.GREY, lw=0.7, ls=style.DASHED, zorder=1.5)
    now, after = _steps(layer["path"])
    dots = {"s": 1.5, "linewidths": 0, "alpha": 0.5, "zorder": 2, "rasterized": True}
    ax.scatter(now, after - now, c=style.GREY, **dots)
    ax.plot(x, flow, color=style.INK, lw=1.1, zorder=3)
    for _, own in layer["moving"].groupby("point", sort=False):
        places = own["kappa1"].to_numpy(float)
        look = {"s": 12, "marker": "s", "c": style.KIND_COLOURS[str(own["kind"].iloc[0])]}
        ax.scatter(places, np.roll(places, -1) - places, zorder=4, **look)
    points.scatter(ax, layer["point"].assign(kappa2=0.0), PLACE, size=16)
    ax.set(xlim=x[[0, -1]], ylim=(-reach, reach))
    ax.set(xlabel=r"$\kappa$ (current)", ylabel=r"$\Delta\kappa$ per update (current)")
    return _square(ax)


def _square(ax: Axes) -> Axes:
    ax.set_box_aspect(1)
    ax.locator_params(nbins=4)
    return ax


def _steps(paths: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """κ before and after the steps of trials, some of them where they are many."""
    places = paths["kappa1"].to_numpy(float)
    same = paths["trial"].to_numpy()[1:] == paths["trial"].to_numpy()[:-1]
    chosen = np.flatnonzero(same)[:: max(1, int(same.sum()) // MOST_DOTS)]
    return places[chosen], places[chosen + 1]


def _basins(ax: Axes, nodes: pd.DataFrame, extent: tuple[float, float, float, float]) -> None:
    """Tint what leads to each attractor, where there are several; what settles at none is white.

    Parameters
    ----------
    nodes
        In the order of the grid, the first direction fastest.
    extent
        Ends of what is tinted: left, right, bottom, top.
    """
    known = in_order(nodes)
    if len(known) < 2:
        return
    colours = [style.CATEGORIES[i % len(style.CATEGORIES)] for i in range(len(known))]
    numbers = nodes["attractor"].to_numpy(float).reshape(-1, nodes["kappa1"].nunique())
    places = (numbers[..., None] == known).argmax(axis=-1)
    ax.imshow(
        np.ma.masked_where(numbers < 0, places),
        cmap=ListedColormap(colours),
        vmin=-0.5,
        vmax=len(known) - 0.5,
        alpha=TINT,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        extent=extent,
        zorder=0,
    )


def in_order(nodes: pd.DataFrame) -> np.ndarray:
    """Numbers of the attractors that nodes lead to, in an order that is that of their basins.

    By the angle at which basins lie around the middle, or along a line from left to right: basins
    that lie alike under two probes then have one colour.
    """
    own = nodes[nodes["attractor"] >= 0]
    middles = own.groupby("attractor")[PLACE].mean() - nodes[PLACE].mean()
    along = middles["kappa1"]
    if middles["kappa2"].notna().all():
        along = np.arctan2(middles["kappa2"], middles["kappa1"])
    return along.sort_values(kind="stable").index.to_numpy(float)


def handles(rows: pd.DataFrame) -> list[Line2D]:
    """Legend entries for what some panels show."""
    nodes = rows[rows["layer"] == "node"]
    entries = points.handles(rows[rows["layer"] == "point"])
    entries += attractors.handles(rows[rows["layer"] == "moving"])
    if nodes["kappa2"].notna().any():
        entries += [
            style.entry(rf"$\kappa_{number + 1}$ does not change", color=NULL, lw=0.9, ls=ls)
            for number, ls in enumerate(LINES)
        ]
    if nodes["kappa2"].isna().any():
        entries.append(style.entry(r"$\Delta\kappa$ (rank 1)", color=style.INK, lw=1.1))
    entries.append(style.entry("trials", color=style.GREY, lw=0.6))
    return entries
