"""Networks of low rank in the variables κ of their recurrence, under one or more probes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from rnnpipe.dynamics.classes import MARGINAL_CLASS
from rnnpipe.figures import layout
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors, plane
from rnnpipe.figures.selection import examples, rows_of
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK, POINT

NEEDS = Needs(
    tables=(
        "networks",
        "plane",
        "plane_axes",
        "plane_points",
        "plane_curves",
        "plane_trials",
        "fixed_points",
        "stability",
        "attractors",
    ),
    only="low_rank",
)

# At most so many probes are drawn of each network.
PROBES = 4
HEIGHT_MM = 78.0
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
    *plane.PLACE,
    *plane.FLOW,
]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per example network, and the layers of each of its probes.

    Layers are ``axis`` (rank; at rank 3 the slice), ``node`` (flow1, flow2, and the attractor that
    the node leads to), ``path`` (trials of the probe), ``point`` and ``moving``. All have kappa1
    and, above rank 1, kappa2.
    """
    chosen = examples(tables["networks"], options.examples)
    shown = _probes(tables["plane"])

    def own(table: str) -> pd.DataFrame:
        rows = rows_of(tables[table], chosen)
        return rows[rows["probe"].isin(shown)]

    named = tables["fixed_points"][[*POINT, "kind"]]
    stability = tables["stability"][[*POINT, "unstable", "class"]]
    found = own("plane_points").merge(named, on=POINT).merge(stability, on=POINT, how="left")
    found["marginal"] = found["class"] == MARGINAL_CLASS
    key = [*NETWORK, "probe", "attractor"]
    moving = own("plane_curves").merge(tables["attractors"][[*key, "kind", "period"]], on=key)
    moving = moving.rename(columns={"node": "point"}).sort_values([*key, "phase"], kind="stable")
    return layout.stack(
        COLUMNS,
        chosen,
        _axes(rows_of(tables["plane_axes"], chosen)),
        _placed(own("plane")).assign(layer="node"),
        _placed(own("plane_trials")).assign(layer="path"),
        _placed(found).assign(layer="point"),
        _placed(moving).assign(layer="moving"),
    )


def _probes(rows: pd.DataFrame) -> list[str]:
    """The first and the last of the probes, in their order, and some evenly between."""
    every = list(dict.fromkeys(rows["probe"].astype(str)))
    places = np.linspace(0, len(every) - 1, min(PROBES, len(every))).round().astype(int)
    return [every[place] for place in places]


def _axes(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per network: its rank, and where the plane lies along the third direction."""
    grouped = rows.groupby(NETWORK, sort=False)
    once = grouped.agg(rank=("direction", "size"), slice=("slice", "last")).reset_index()
    return once.assign(layer="axis")


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """κ and its flow along the first two directions in columns of their own."""
    lists = {"kappa": plane.PLACE, "flow": plane.FLOW}
    parts = []
    # Networks of different rank have lists of different lengths.
    for _, own in rows.groupby(NETWORK, sort=False):
        for name in (name for name in lists if name in own):
            values = matrix(own[name])[:, :DRAWN]
            own = own.assign(**dict(zip(lists[name], values.T, strict=False)))
        parts.append(own)
    placed = pd.concat(parts) if parts else rows
    return placed.drop(columns=[name for name in lists if name in placed])


def panels_of(frame: pd.DataFrame) -> list[tuple[pd.Series, str, pd.DataFrame]]:
    """Network, probe and rows of every panel; the probe is empty where nothing is known of it."""
    found = []
    for name, rows in layout.split(frame):
        probes = list(dict.fromkeys(rows.loc[rows["layer"] == "node", "probe"]))
        found += [(name, probe, rows[rows["probe"] == probe]) for probe in probes]
        if not probes:
            found.append((name, "", rows))
    return found


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """One panel per network and probe."""
    panels = panels_of(frame)
    figure, axes = layout.grid(len(panels), (HEIGHT_MM,), square=True)
    several = frame["probe"].nunique() > 1
    for ax, (name, probe, rows) in zip(axes[0], panels, strict=True):
        title = layout.network_title(name)
        ax.set_title(f"{title}, {probe}" if several and probe else title)
        if probe:
            plane.panel(ax, rows)
        else:
            layout.empty(ax, "no trials", square=True)
    layout.legend(figure, plane.handles(frame))
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    ranks = frame.loc[frame["layer"] == "axis", "rank"]
    parts = [
        "Networks of low rank in the variables κ of their recurrence, W = m nᵀ / N with orthogonal "
        "m of mean square 1: |κ| is the root mean square of the current m κ over units.",
        _of_cells(),
    ]
    if (ranks > 1).any():
        parts.append(
            "Lines with arrows: the change of κ per update along the directions of the two largest "
            "singular values; dark lines: where κ₁ (solid) and κ₂ (dashed) do not change."
        )
    if (ranks > DRAWN).any():
        parts.append(
            "At rank 3 the flow is that at the mean of the visited states along the third "
            "direction, and points, attractors and trials are projected along it."
        )
    if (ranks == 1).any():
        parts.append(
            "At rank 1: the change of κ per update against κ, under the probe (line) and along "
            "trials (dots)."
        )
    parts.append(_of_basins(frame))
    parts.append(_of_trials(frame))
    moving = frame[frame["layer"] == "moving"]
    if said := attractors.described(moving, [*NETWORK, "probe", "point"]).strip():
        parts.append(said)
    return " ".join([*filter(None, parts), EXAMPLES])


def _of_cells() -> str:
    return (
        "Of cells whose state is the rate (vanilla, leaky) the flow is exact for every state; of "
        "currents (ctrnn) on the plane that all states approach by 1 - α per update."
    )


def _of_basins(frame: pd.DataFrame) -> str:
    nodes = frame[(frame["layer"] == "node") & (frame["attractor"] >= 0)]
    several = nodes.groupby([*NETWORK, "probe"])["attractor"].nunique() > 1
    return "Tints: what leads to the same attractor." if several.any() else ""


def _of_trials(frame: pd.DataFrame) -> str:
    probes: Sequence[str] = frame.loc[frame["layer"] == "node", "probe"].unique()
    if len(probes) < 2:
        return "Grey: trials, under inputs of their own."
    return "Grey: trials, each with the probe nearest to its mean input, under inputs of their own."
