"""Eigenvalues of the Jacobian at fixed points, exponents of attractors that move."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator

from rnnpipe.dynamics.classes import FIXED
from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors
from rnnpipe.figures.selection import examples, rows_of
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(
    tables=("networks", "stability", "modes", "attractors"),
    columns={"modes": ("seed", "probe", "point", "mode", "re", "im")},
)

COLUMNS = ["point", "kind", "period", "unstable", "mode", "re", "im", "magnitude", "rank"]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per example network, its eigenvalues and the exponents of its attractors.

    An eigenvalue has point, re, im, magnitude and rank; an exponent the number of its attractor's
    node as point, and e to its power as magnitude, the growth per step.
    """
    chosen = examples(tables["networks"], options.examples)
    key = [*NETWORK, "probe", "point"]
    modes = tables["modes"][[*key, "mode", "re", "im"]]
    modes = rows_of(modes[modes["probe"] == options.probe], chosen)
    modes = modes.merge(tables["stability"][[*key, "unstable"]], on=key)
    modes["magnitude"] = np.hypot(modes["re"], modes["im"])
    ranks = modes.groupby([*NETWORK, "point"])["magnitude"].rank(method="first", ascending=False)
    modes["rank"] = ranks.astype(int)
    modes = modes.sort_values([*NETWORK, "point", "rank"], kind="stable")
    grown = exponents(tables["attractors"], chosen, options.probe)
    return layout.stack(COLUMNS, chosen, modes.assign(layer="eigenvalue"), grown)


def exponents(table: pd.DataFrame, chosen: pd.DataFrame, probe: str) -> pd.DataFrame:
    """One row per Lyapunov exponent of an attractor that is no point: node, kind, rank, growth."""
    rows = rows_of(table[(table["probe"] == probe) & (table["kind"] != FIXED)], chosen)
    rows = rows.explode("exponents").dropna(subset="exponents")
    key = [*NETWORK, "node"]
    rows = rows.assign(
        layer="exponent",
        rank=rows.groupby(key).cumcount() + 1,
        magnitude=np.exp(rows["exponents"].astype(float)),
    )
    rows = rows[[*key, "layer", "kind", "period", "rank", "magnitude"]]
    return rows.rename(columns={"node": "point"}).reset_index(drop=True)


def plane(ax: Axes, modes: pd.DataFrame, real: tuple[float, float], imaginary: float) -> Axes:
    """Eigenvalues in the complex plane, coloured by their point's unstable modes."""
    ax.add_patch(Circle((0, 0), 1, fill=False, ec=style.INK, lw=0.7, zorder=1))
    for value in ("axhline", "axvline"):
        getattr(ax, value)(0, color=style.PALE, lw=0.5, zorder=0)
    ordered = modes.sort_values("unstable", kind="stable")
    ax.scatter(
        ordered["re"],
        ordered["im"],
        s=6,
        c=style.unstable_colours(ordered["unstable"]),
        alpha=0.75,
        linewidths=0,
        zorder=2,
    )
    ax.set(
        xlim=real,
        ylim=(-imaginary, imaginary),
        aspect="equal",
        xlabel="real part of λ",
        ylabel="imaginary part of λ",
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(3, integer=True))
    return ax


def magnitudes(ax: Axes, modes: pd.DataFrame, grown: pd.DataFrame, largest: float) -> Axes:
    """Magnitudes of each point's eigenvalues in descending order; growth along attractors."""
    lines, colours = [], []
    for _, point in modes.sort_values("unstable", kind="stable").groupby("point", sort=False):
        point = point.sort_values("rank")
        lines.append(point[["rank", "magnitude"]].to_numpy(float))
        colours.append(style.unstable_colour(int(point["unstable"].iloc[0])))
    ax.add_collection(LineCollection(lines, colors=colours, lw=0.7, alpha=0.75))
    ax.axhline(1, color=style.INK, lw=0.7, zorder=1)
    for (_, kind), own in grown.groupby(["point", "kind"], sort=False):
        look = {"color": style.KIND_COLOURS[kind], "marker": style.KIND_MARKERS[kind]}
        ax.plot(own["rank"], own["magnitude"], lw=0.9, ms=4, mec="white", mew=0.4, zorder=3, **look)
    ax.set_xlim(0.5, pd.concat([modes, grown])["rank"].max() + 0.5)
    ax.set_ylim(0, largest)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.set_xlabel("rank")
    ax.set_ylabel("|λ|")
    return ax


def _extent(modes: pd.DataFrame) -> tuple[tuple[float, float], float]:
    """Limits of the real and imaginary axes: the unit circle and every eigenvalue."""
    room = 0.12
    real = modes["re"].to_numpy(float)
    low, high = real.min(initial=-1.0) - room, real.max(initial=1.0) + room
    return (low, high), float(modes["im"].abs().to_numpy(float).max(initial=1.0)) + room


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """The complex plane above, sorted magnitudes below, one column per example network."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (54, 36), square=True)
    modes, grown = (frame[frame["layer"] == name] for name in ("eigenvalue", "exponent"))
    real, imaginary = _extent(modes)
    largest = 1.08 * max(float(frame["magnitude"].max()), 1.0) if len(modes) else 1.0
    for (top, bottom), rows in layout.filled_panels(axes, panels, "no fixed points"):
        values = rows[rows["layer"] == "eigenvalue"]
        plane(top, values, real, imaginary)
        magnitudes(bottom, values, rows[rows["layer"] == "exponent"], largest)
    layout.outer_labels(axes)
    entries = style.unstable_handles(modes["unstable"])
    layout.legend(figure, entries + attractors.handles(grown, marked=True))
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    moving = frame[frame["layer"] == "exponent"].drop_duplicates([*NETWORK, "point"])
    listed = attractors.counted(moving["kind"].tolist(), moving["period"].tolist())
    exponents = (
        f" Below, marked lines: the leading Lyapunov exponents of {listed}, as growth per step, e "
        "to their power."
    )
    return (
        f"Eigenvalues λ of the Jacobian at the fixed points under the probe “{options.probe}”, in "
        "the complex plane with the unit circle (above) and by magnitude (below, one line per "
        f"fixed point), coloured by the number of unstable modes.{exponents if listed else ''} "
        f"{EXAMPLES}"
    )
