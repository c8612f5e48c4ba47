"""Fixed points and attractors of one network and the transitions between them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from rnnpipe.dynamics.classes import FIXED, SLOW
from rnnpipe.figures import layout, style
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors, points
from rnnpipe.figures.projection import oblique, project
from rnnpipe.figures.selection import network_rows, rows_of
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK

COLUMNS = [
    *attractors.COLUMNS,
    "plane",
    "unstable",
    "marginal",
    "input",
    "from",
    "to",
    "x",
    "y",
    "x1",
    "y1",
    "probability",
    "trials",
    "lost",
]

NOISE, MANIFOLD, INPUT = "noise", "unstable manifold", "input"
_NODE_SIZE = 22.0
_NOISE_COLOUR = "#C4C4C4"


def places(readouts: np.ndarray, leading: np.ndarray | None) -> tuple[np.ndarray, str]:
    """Where nodes are drawn, (node, 2), and the name of that plane.

    Two readouts are the plane itself; three are a cube drawn obliquely; other numbers of readouts
    say too little, and the first two principal components of the states serve.

    Parameters
    ----------
    readouts
        (node, readout).
    leading
        The states along their first two components, (node, 2); None if there are no components.

    Raises
    ------
    ValueError
        If the components are needed and there are none.
    """
    if readouts.shape[1] == 2:
        return readouts, "readout"
    if readouts.shape[1] == 3:
        return oblique(readouts), "oblique"
    if leading is None:
        raise ValueError("fixed points without 2 or 3 readouts need the network's components")
    return leading, "components"


def prepare(
    tables: Mapping[str, pd.DataFrame], chosen: pd.DataFrame, options: FigureOptions
) -> pd.DataFrame:
    """Gather a panel per chosen network, its nodes (x, y), edges (to x1, y1) and lost trials.

    A node is a fixed point or another attractor, which lies amid its states; these are of layer
    ``moving``. Returns to the same node are left out, and input edges
    that start at unstable points. A row of layer ``unassigned`` counts the trials of one kind that
    ended at none of the nodes.
    """
    found = points.classified(tables, chosen, options.probe)
    found = found[found["kind"] != SLOW].assign(layer="node")
    moving = attractors.moving(tables, chosen, options.probe).drop(columns="probe")
    found = pd.concat([found, moving.assign(layer="moving")], ignore_index=True)
    edges = tables["edges"]
    edges = rows_of(edges[edges["probe"] == options.probe], chosen)
    components = rows_of(tables["components"], chosen)
    layers = []
    for key, rows in found.groupby(NETWORK, sort=False):
        own = network_rows(components, key)
        leading = project(matrix(rows["state"]), own, 2) if len(own) else None
        xy, plane = places(matrix(rows["readout"]), leading)
        rows = rows.drop(columns=["state", "readout"])
        rows = rows.assign(plane=plane, x=xy[:, 0], y=xy[:, 1])
        moving = rows[rows["layer"] == "moving"]
        nodes = pd.concat([rows[rows["layer"] == "node"], _middles(moving)], ignore_index=True)
        layers += [nodes, moving, *_links(network_rows(edges, key), nodes)]
    return layout.stack(COLUMNS, chosen, *layers)


def _middles(moving: pd.DataFrame) -> pd.DataFrame:
    """A node per attractor of one network, amid its states; no mode of an attractor grows."""
    first = moving.drop_duplicates("point").drop(columns=["x", "y", "phase", "time"])
    middles = moving.groupby("point")[["x", "y"]].mean().reset_index()
    return first.merge(middles, on="point").assign(layer="node", unstable=0.0, marginal=False)


def _links(edges: pd.DataFrame, nodes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Edges between the nodes, and counts of the trials that ended at none of them."""
    columns = [*NETWORK, "from", "to", "kind", "input", "probability", "trials"]
    start = nodes.rename(columns={"point": "from"})[["from", "x", "y", "unstable"]]
    end = nodes.rename(columns={"point": "to", "x": "x1", "y": "y1"})[["to", "x1", "y1"]]
    edges = edges[columns].merge(start, on="from")
    edges = edges[(edges["kind"] != INPUT) | (edges["unstable"] == 0)]
    inside = edges["to"].isin(nodes["point"])
    links = edges[inside & (edges["from"] != edges["to"])].merge(end, on="to")
    lost = edges.assign(row=np.where(edges["kind"] == INPUT, INPUT, NOISE), lost=~inside)
    lost = lost.assign(lost=lost["trials"] * lost["lost"])
    lost = lost.groupby([*NETWORK, "row"], as_index=False)[["lost", "trials"]].sum()
    lost = lost.rename(columns={"row": "kind"}).assign(layer="unassigned")
    return links.drop(columns="unstable").assign(layer="edge"), lost


def _arrows(ax: Axes, edges: pd.DataFrame, colours: Mapping[str, str], bend: float) -> None:
    for edge in edges.itertuples(index=False):
        strength = float(edge.probability)
        ax.add_patch(
            FancyArrowPatch(
                (edge.x, edge.y),
                (edge.x1, edge.y1),
                arrowstyle="-|>",
                mutation_scale=5,
                connectionstyle=f"arc3,rad={bend}",
                shrinkA=2.6,
                shrinkB=2.6,
                zorder=2,
                lw=0.25 + 0.9 * strength,
                alpha=0.25 + 0.7 * strength,
                color=colours.get(str(edge.input), style.GREY),
            )
        )


def panel(ax: Axes, rows: pd.DataFrame, colours: Mapping[str, str], inputs: bool) -> Axes:
    """One network's nodes, with edges of input pulses or else of noise and manifolds."""
    nodes, edges = rows[rows["layer"] == "node"], rows[rows["layer"] == "edge"]
    if inputs:
        _arrows(ax, edges[edges["kind"] == INPUT], colours, bend=0.14)
    else:
        noise = edges[edges["kind"] == NOISE]
        for edge in noise.itertuples(index=False):
            ax.plot(
                [edge.x, edge.x1],
                [edge.y, edge.y1],
                color=_NOISE_COLOUR,
                zorder=1,
                lw=0.4 + 3.2 * float(edge.probability),
                solid_capstyle="butt",
                alpha=0.8,
            )
        _arrows(ax, edges[edges["kind"] == MANIFOLD], {"": style.INK}, bend=0.0)
    moving = rows[rows["layer"] == "moving"]
    extent = float(np.ptp(pd.concat([nodes, moving])[["x", "y"]].to_numpy(float), axis=0).max())
    attractors.draw(ax, moving, ["x", "y"], extent, size=0.5 * _NODE_SIZE)
    at_rest = nodes["kind"] == FIXED
    points.scatter(ax, nodes[at_rest], ["x", "y"], size=_NODE_SIZE)
    attractors.nodes(ax, nodes[~at_rest], ["x", "y"], _NODE_SIZE)
    ended = rows[(rows["layer"] == "unassigned") & (rows["kind"] == (INPUT if inputs else NOISE))]
    lost, trials = (int(ended[name].sum()) for name in ("lost", "trials"))
    text = f"unassigned: {lost} of {trials}" if trials else "no transitions"
    ax.text(0.5, -0.02, text, transform=ax.transAxes, ha="center", va="top", color=style.GREY)
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_box_aspect(1)
    ax.margins(0.09)
    _axes_names(ax, str(nodes["plane"].iloc[0]))
    return ax


def _axes_names(ax: Axes, plane: str) -> None:
    """No ticks: places are for orientation. Names say which plane is drawn."""
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(False)
    names = {"components": ("PC 1", "PC 2")}.get(plane, ("readout 1", "readout 2"))
    ax.set_xlabel(names[0] + " →", labelpad=10)
    ax.set_ylabel(names[1] + " →" + ("\n(readout 3: back)" if plane == "oblique" else ""))


def node_handles(nodes: pd.DataFrame) -> list[Line2D]:
    """Legend entries for points and for attractors of other kinds."""
    at_rest = nodes["kind"] == FIXED
    return points.handles(nodes[at_rest]) + attractors.handles(nodes[~at_rest], marked=True)


def handles() -> list[Line2D]:
    """Legend entries for noise and unstable manifolds."""
    return [
        style.entry("noise", color=_NOISE_COLOUR, lw=3),
        style.entry("unstable manifold", color=style.INK, lw=1),
    ]
