"""The graph of transitions between points and attractors, laid out on a plane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, FIXED, KINDS, LIMIT_CYCLE, SLOW, TORUS
from rnnpipe.figures import style
from rnnpipe.figures.panels.attractors import LABELS
from rnnpipe.figures.panels.graph import INPUT, MANIFOLD, NOISE, places
from rnnpipe.figures.projection import PLACE
from rnnpipe.pages import plot
from rnnpipe.pages.coordinates import belongs, decimals, polylines, rounded
from rnnpipe.pages.hover import attractor_texts, texts
from rnnpipe.pages.layers import by_order
from rnnpipe.pages.transition_layers import COLOURS, widths
from rnnpipe.scene.contents import Scene
from rnnpipe.tables.parquet import matrix

# Plotly's names of the shapes of attractors, those of the figures.
SYMBOLS = {
    FIXED: "circle",
    CYCLE: "square",
    LIMIT_CYCLE: "hexagon",
    TORUS: "x",
    CHAOTIC: "cross",
    SLOW: "triangle-down",
}
_PARTS = 9
_BEND = 0.12
# Heads of arrows, pixels.
_LARGE, _SMALL = 13, 9
_NAMES = {
    "readout": ("readout 1", "readout 2"),
    "oblique": ("readout 1", "readout 2 (readout 3: back)"),
}


def nodes_of(scene: Scene) -> tuple[pd.DataFrame, str]:
    """Points and other attractors with their places, x and y, and the name of that plane."""
    nodes = scene.points.assign(text=texts(scene), found=True)
    others = scene.attractors.assign(
        text=attractor_texts(scene.attractors), marginal=False, found=False
    )
    columns = ["probe", "point", "kind", "unstable", "marginal", "text", "readout", "found", *PLACE]
    parts = [nodes[nodes["kind"] != SLOW][columns], others[columns]]
    filled = [part for part in parts if len(part)]
    nodes = pd.concat(filled or parts[:1], ignore_index=True)
    if nodes.empty:
        return nodes, "components"
    xy, plane = places(matrix(nodes["readout"]), nodes[PLACE[:2]].to_numpy(float))
    return nodes.assign(x=xy[:, 0], y=xy[:, 1]), plane


def graph_plot(scene: Scene) -> go.Figure:
    """Plot nodes and the transitions between them; input pulses are hidden at first."""
    nodes, plane = nodes_of(scene)
    if nodes.empty:
        return go.Figure(layout=_layout(scene, plane, "no fixed points"))
    digits = decimals(float(np.ptp(nodes[["x", "y"]], axis=0).max()))
    links = _links(scene.edges, nodes)
    traces = [
        *_lines(links, digits, scene.probes),
        *_points(nodes[nodes["found"]], digits, scene.probes),
        *_attractors(nodes[~nodes["found"]], digits, scene.probes),
    ]
    return go.Figure(traces, layout=_layout(scene, plane))


def _links(edges: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    """Transitions with the places of their nodes: x and y, x1 and y1."""
    place = nodes[["probe", "point", "x", "y"]]
    rows = edges.merge(place.rename(columns={"point": "from"}), on=["probe", "from"])
    ends = place.rename(columns={"point": "to", "x": "x1", "y": "y1"})
    return rows.merge(ends, on=["probe", "to"])


def _lines(links: pd.DataFrame, digits: int, probes: tuple[str, ...]) -> Iterator[go.Scatter]:
    labels = sorted(links.loc[links["kind"] == INPUT, "input"].astype(str).unique())
    named = len(labels) <= len(style.CATEGORIES)
    groups = [(NOISE, "", "noise", COLOURS[NOISE]), (MANIFOLD, "", MANIFOLD, COLOURS[MANIFOLD])]
    groups += [
        (INPUT, label, f"input {label}", style.CATEGORIES[i] if named else COLOURS[INPUT])
        for i, label in enumerate(labels)
    ]
    for kind, label, name, colour in groups:
        rows = links[links["kind"] == kind]
        if kind == INPUT:
            rows = rows[rows["input"].astype(str) == label]
        parts = [(o, *part) for o, own in by_order(rows) for part in widths(own)]
        for number, (order, width, own) in enumerate(parts):
            yield go.Scatter(
                **_arrows(own, kind, colour, digits, probes),
                name=name,
                legendgroup=name,
                showlegend=number == 0,
                visible="legendonly" if kind == INPUT else True,
                line={"color": colour, "width": width},
                opacity=0.55 if kind == NOISE else 0.9,
                hoverinfo="skip",
                meta={"layer": "edges", "order": order},
            )


def _arrows(
    links: pd.DataFrame, kind: str, colour: str, digits: int, probes: tuple[str, ...]
) -> dict[str, object]:
    """One polyline for all links, bent for input pulses; an arrow where it has a direction."""
    start, end = links[["x", "y"]].to_numpy(float), links[["x1", "y1"]].to_numpy(float)
    t = np.linspace(0, 1, _PARTS if kind == INPUT else 3)[None, :, None]
    way = (end - start)[:, None]
    across = np.stack([-way[..., 1], way[..., 0]], axis=-1)
    bend = _BEND if kind == INPUT else 0.0
    path = start[:, None] + t * way + 4 * bend * t * (1 - t) * across
    rows = links.loc[links.index.repeat(path.shape[1]), ["probe"]].assign(
        link=np.repeat(np.arange(len(links)), path.shape[1]),
        x=path[..., 0].ravel(),
        y=path[..., 1].ravel(),
    )
    # Heads sit where they are seen, not under the node.
    head = np.zeros(path.shape[:2])
    place, size = (-2, _LARGE) if kind == INPUT else (1, _SMALL)
    head[:, place] = size
    rows = rows.assign(head=head.ravel()).reset_index(drop=True)
    lines = polylines(rows, ["probe", "link"])
    look = {"symbol": "arrow", "angleref": "previous", "color": colour, "opacity": 1}
    sizes = lines["head"].fillna(0).astype(int).tolist()
    heads = (
        {"mode": "lines"}
        if kind == NOISE
        else {
            "mode": "lines+markers",
            "marker": {**look, "size": sizes, "line": {"width": 0}},
        }
    )
    return {
        "x": rounded(lines["x"], digits),
        "y": rounded(lines["y"], digits),
        "customdata": belongs(lines[["probe"]], probes),
        **heads,
    }


def _points(nodes: pd.DataFrame, digits: int, probes: tuple[str, ...]) -> Iterator[go.Scatter]:
    for order, own in by_order(nodes):
        colour = style.GREY if order is None else style.unstable_colour(order)
        hollow = own["marginal"].to_numpy(dtype=bool)
        marker = {
            "size": 11,
            "color": colour,
            "symbol": np.where(hollow, "circle-open", "circle").tolist(),
            "line": {"color": [colour if h else "white" for h in hollow], "width": 1},
        }
        yield _nodes(own, digits, probes, order, marker)


def _attractors(nodes: pd.DataFrame, digits: int, probes: tuple[str, ...]) -> Iterator[go.Scatter]:
    """Attractors beside the points: each kind has a shape, a colour and an entry in the legend."""
    for kind in KINDS:
        own = nodes[nodes["kind"] == kind]
        if len(own):
            line = {"color": "white", "width": 1}
            marker = {"size": 14, "color": style.KIND_COLOURS[kind], "line": line}
            marker["symbol"] = SYMBOLS[kind]
            yield _nodes(own, digits, probes, None, marker).update(
                name=LABELS.get(kind, kind), showlegend=True
            )


def _nodes(
    own: pd.DataFrame,
    digits: int,
    probes: tuple[str, ...],
    order: int | None,
    marker: Mapping[str, object],
) -> go.Scatter:
    return go.Scatter(
        x=rounded(own["x"], digits),
        y=rounded(own["y"], digits),
        customdata=belongs(own, probes),
        hovertext=own["text"].tolist(),
        hoverinfo="text",
        mode="markers",
        marker=marker,
        showlegend=False,
        meta={"layer": "nodes", "order": order},
    )


def _layout(scene: Scene, plane: str, note: str = "") -> dict[str, object]:
    names = _NAMES.get(plane, scene.axes)
    common = {"showgrid": False, "showticklabels": False, "ticks": "", "showline": False}
    return plot.layout(
        margin={"l": 30, "r": 12, "t": 12, "b": 34},
        xaxis=plot.axis(title={"text": f"{names[0]} →"}, **common),
        yaxis=plot.axis(title={"text": f"{names[1]} →"}, scaleanchor="x", **common),
        legend=plot.legend_below(),
        annotations=[{"text": note, "showarrow": False, "font": {"color": style.GREY}}]
        if note
        else [],
    )
