"""The ring of an integrator: states, slow curves, fixed points, attractors, drift at rest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors, continua, points
from rnnpipe.figures.projection import placed
from rnnpipe.figures.selection import examples, network_rows, rows_of
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(
    tables=(
        "networks",
        "trajectories",
        "components",
        "fixed_points",
        "attractors",
        "curves",
        "stability",
        "continua",
        "continuum_points",
    ),
    tasks=("integrator",),
    columns={"trajectories": ("seed", "trial", "time", "condition", "state", "output")},
)

_DRIFT = {"ls": "", "marker": "o", "ms": 1.6, "mfc": style.INK, "mew": 0}

PLACES = ["pc1", "pc2", "read1", "read2"]
CURVE = ["continuum", "node", "curve", "nature", "drift"]
POINT = [*attractors.COLUMNS, "unstable", "marginal"]
COLUMNS = ["trial", "condition", *POINT, *CURVE, *PLACES]


def heading_plane(readouts: np.ndarray, encoding: str | None) -> np.ndarray:
    """Readouts of the first heading as points of a plane, (point, 2).

    A vector is its cosine and sine as they are; an angle over π becomes the point of the unit
    circle there.
    """
    if encoding == "angle":
        angle = np.pi * readouts[:, 0]
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return readouts[:, :2]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per example network, its states, slow curves, points and attractors.

    Each has pc1 and pc2, its place along the first two principal components, and read1 and
    read2, its place in the plane of readouts. The nodes of a curve have the drift of the
    heading at rest, degrees per step.
    """
    chosen = examples(tables["networks"], options.examples)
    states = rows_of(tables["trajectories"], chosen)
    states = states[states.groupby(NETWORK)["trial"].rank(method="dense") <= options.trials]
    states = states[[*NETWORK, "trial", "time", "condition", "state", "output"]]
    states = states.rename(columns={"output": "readout"}).assign(layer="state")
    key = [*NETWORK, "probe", "continuum"]
    named = tables["continua"][[*key, "kind", "nature"]].rename(columns={"kind": "curve"})
    curves = rows_of(tables["continuum_points"], chosen).merge(named, on=key)
    curves = curves[curves["probe"] == options.probe]
    curves = curves.assign(layer="curve", drift=np.degrees(curves["condition_drift"]))
    curves = curves[[*NETWORK, "layer", "condition", "state", "readout", *CURVE]]
    fixed = points.classified(tables, chosen, options.probe).assign(layer="point")
    moving = attractors.moving(tables, chosen, options.probe).drop(columns="probe")
    moving = moving.assign(layer="moving")
    layers = []
    for key, components in rows_of(tables["components"], chosen).groupby(NETWORK, sort=False):
        for table in (states, curves, fixed, moving):
            rows = network_rows(table, key)
            layers.append(_placed(rows, components, options.encoding))
    return layout.stack(COLUMNS, chosen, *layers)


def _placed(rows: pd.DataFrame, components: pd.DataFrame, encoding: str | None) -> pd.DataFrame:
    if rows.empty:
        return rows
    plane = heading_plane(matrix(rows["readout"]), encoding)
    rows = placed(rows, components, PLACES[:2]).drop(columns="readout")
    return rows.assign(**dict(zip(PLACES[2:], plane.T, strict=True)))


def panel(ax: Axes, rows: pd.DataFrame, columns: list[str]) -> Axes:
    """States coloured by heading, slow curves as lines, fixed points on top."""
    states = rows[rows["layer"] == "state"]
    heading = np.angle(np.exp(1j * states["condition"].to_numpy(float)))
    ax.scatter(
        *[states[c] for c in columns],
        c=heading,
        cmap=style.cyclic(),
        s=5,
        linewidths=0,
        norm=Normalize(-np.pi, np.pi),
        zorder=1,
        rasterized=True,
    )
    continua.draw(ax, rows[rows["layer"] == "curve"], columns)
    extent = float(np.ptp(rows[columns].to_numpy(float), axis=0).max())
    attractors.draw(ax, rows[rows["layer"] == "moving"], columns, extent)
    points.scatter(ax, rows[rows["layer"] == "point"], columns, size=18)
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_box_aspect(1)
    return ax


def drift_panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Drift of the heading at rest against the heading, along every slow curve."""
    curve = rows[rows["layer"] == "curve"]
    ax.axhline(0, color=style.GREY, lw=0.6, zorder=1)
    heading = np.degrees(np.angle(np.exp(1j * curve["condition"].to_numpy(float))))
    ax.plot(heading, curve["drift"], zorder=2, **_DRIFT)
    ax.set(xlim=(-180, 180), xticks=[-180, -90, 0, 90, 180])
    largest = max(np.abs(curve["drift"]).max(), 0.1) if len(curve) else 1.0
    ax.set_ylim(-1.1 * largest, 1.1 * largest)
    ax.set_box_aspect(0.5)
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Principal components, readouts and drift; one column per example network."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (52, 50, 34), square=True)
    for (top, middle, bottom), rows in layout.filled_panels(axes, panels, "no states"):
        panel(top, rows, PLACES[:2]).set(xlabel="PC 1", ylabel="PC 2")
        panel(middle, rows, PLACES[2:]).set(xlabel="readout, cosine", ylabel="readout, sine")
        drift_panel(bottom, rows).set(
            xlabel="heading (degrees)", ylabel="drift\n(degrees per step)"
        )
    layout.outer_labels(axes)
    layout.condition_bar(figure, axes, options, Normalize(-np.pi, np.pi))
    entries = points.handles(frame[frame["layer"] == "point"])
    entries += attractors.handles(frame[frame["layer"] == "moving"])
    entries += continua.handles(frame[frame["layer"] == "curve"])
    layout.legend(figure, entries)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    curves = frame[frame["layer"] == "curve"].drop_duplicates([*NETWORK, "continuum"])
    between = "slow curves and " if len(curves) else ""
    text = (
        f"Harvested states of up to {options.trials} trials, coloured by heading, along two "
        "principal components (above) and in the plane of the readouts (middle), with "
        f"{between}fixed points under the probe “{options.probe}”. Below, the drift of the "
        f"heading along the curves. {EXAMPLES}"
    )
    text += attractors.described(frame[frame["layer"] == "moving"])
    if len(curves):
        text += (
            " Solid curves are approximate attractors: all modes across them decay, and even "
            "their fastest drift takes ten trials or more to cross them."
        )
    if others := continua.no_attractors(curves["nature"]):
        text += f" Dashed ones are none: {others}."
    return text
