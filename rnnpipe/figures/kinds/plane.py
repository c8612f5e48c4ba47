"""Networks of low rank in the variables κ of their recurrence, under one or more probes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from rnnpipe.figures import layout
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors, plane
from rnnpipe.figures.selection import examples
from rnnpipe.tables.schemas import NETWORK

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
HEIGHT_MM = 66.0


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per example network, and the layers of `plane.gather`."""
    chosen = examples(tables["networks"], options.examples)
    return layout.stack(
        plane.COLUMNS, chosen, plane.gather(tables, chosen, _probes(tables["plane"]))
    )


def _probes(rows: pd.DataFrame) -> list[str]:
    """The first and the last of the probes, in their order, and some evenly between."""
    every = list(dict.fromkeys(rows["probe"].astype(str)))
    places = np.linspace(0, len(every) - 1, min(PROBES, len(every))).round().astype(int)
    return [every[place] for place in places]


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
        ax.set_title(f"{title}\n{probe}" if several and probe else title)
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
    if (ranks > plane.DRAWN).any():
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
        "currents (ctrnn) on the plane that all states approach by 1 − α per update."
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
