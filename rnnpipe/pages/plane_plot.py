"""The plane of κ of a network of low rank: the traces of every probe, of which one is shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rnnpipe.dynamics.classes import CYCLE
from rnnpipe.figures import style
from rnnpipe.figures.panels.attractors import CLOUDS, LABELS
from rnnpipe.figures.panels.plane import FLOW, NULL, PLACE, TINT, in_order
from rnnpipe.figures.style import unstable_label
from rnnpipe.pages import plot
from rnnpipe.pages.coordinates import belongs, decimals, polylines, rounded
from rnnpipe.pages.hover import KINDS
from rnnpipe.pages.layers import by_order
from rnnpipe.scene.contents import Scene

# Arrows along each axis, and the length of the longest in their distance.
ARROWS, LONGEST = 17, 0.9
# Digits of flow and of the names of nullclines.
_DIGITS = 4
_DASHES = ("solid", "dash")
_ARROW = "#9DB2C4"


def plane_plot(scene: Scene) -> go.Figure:
    """Plot the flow, nullclines, basins, trials, attractors and points of every probe.

    Each trace has the number of its probe in ``meta``; those of the first probe are shown.
    """
    rows = scene.plane
    nodes = rows[rows["layer"] == "node"]
    line = bool(nodes["kappa2"].isna().all())
    digits = decimals(float(np.ptp(nodes["kappa1"])))
    traces = []
    for number, probe in enumerate(scene.probes):
        own = rows[rows["probe"] == probe]
        layer = {name: own[own["layer"] == name] for name in ("node", "path", "point", "moving")}
        if layer["node"].empty:
            continue
        drawn = (
            _line(layer, digits, scene.probes, _reach(nodes))
            if line
            else _plane(layer, digits, scene.probes)
        )
        for trace in drawn:
            trace.update(meta={"probe": number}, visible=number == 0)
            traces.append(trace)
    return go.Figure(traces, layout=_layout(nodes, line))


def _plane(
    layer: dict[str, pd.DataFrame], digits: int, probes: tuple[str, ...]
) -> Iterator[go.Scatter | go.Heatmap | go.Contour]:
    nodes = layer["node"]
    x, y = (np.unique(nodes[name].to_numpy(float)) for name in PLACE)
    flow = [nodes[name].to_numpy(float).reshape(len(y), len(x)) for name in FLOW]
    yield from _basins(nodes, rounded(x, digits), rounded(y, digits))
    yield _arrows(x, y, flow, digits)
    for number, (values, dash) in enumerate(zip(flow, _DASHES, strict=True)):
        scale = 1 / max(float(np.abs(values).max()), np.finfo(float).tiny)
        yield go.Contour(
            x=rounded(x, digits),
            y=rounded(y, digits),
            z=[rounded(row, _DIGITS) for row in scale * values],
            contours={"start": 0, "end": 0, "size": 1, "coloring": "lines"},
            colorscale=[[0, NULL], [1, NULL]],
            line={"width": 1.5, "dash": dash},
            showscale=False,
            showlegend=True,
            name=f"κ{'₁₂'[number]} does not change",
            hoverinfo="skip",
        )
    trials = polylines(layer["path"][["trial", *PLACE]], ["trial"])
    yield _trials(trials[PLACE[0]], trials[PLACE[1]], digits, "lines")
    yield from _moving(layer["moving"], digits)
    yield from _points(layer["point"], digits, probes)


def _line(
    layer: dict[str, pd.DataFrame], digits: int, probes: tuple[str, ...], reach: float
) -> Iterator[go.Scatter | go.Heatmap]:
    nodes = layer["node"].sort_values("kappa1")
    x, finer = rounded(nodes["kappa1"], digits), decimals(reach)
    yield from _basins(nodes, x, [-reach, reach])
    paths = layer["path"]
    same = (paths["trial"] == paths["trial"].shift(-1)).to_numpy()
    change = (paths["kappa1"].shift(-1) - paths["kappa1"]).to_numpy(float)[same]
    yield _trials(paths["kappa1"][same], pd.Series(change), digits + 1, "markers")
    yield go.Scatter(
        x=x,
        y=rounded(nodes["flow1"], finer),
        mode="lines",
        line={"color": style.INK, "width": 1.5},
        name="Δκ under the probe",
        hoverinfo="skip",
    )
    moving = layer["moving"].assign(kappa2=0.0)
    yield from _moving(moving, digits)
    yield from _points(layer["point"].assign(kappa2=0.0), digits, probes)


def _basins(nodes: pd.DataFrame, x: list, y: list) -> Iterator[go.Heatmap]:
    """Tints of what leads to each attractor, where there are several.

    A line is one row of the grid: `y` then has its lower and its upper edge.
    """
    known = in_order(nodes)
    if len(known) < 2:
        return
    numbers = nodes["attractor"].to_numpy(float).reshape(-1, nodes["kappa1"].nunique())
    places = np.where(numbers < 0, np.nan, (numbers[..., None] == known).argmax(axis=-1))
    tints = [style.CATEGORIES[i % len(style.CATEGORIES)] for i in range(len(known))]
    edges = np.linspace(0, 1, len(known) + 1)
    scale = [
        [float(edge), tint] for i, tint in enumerate(tints) for edge in (edges[i], edges[i + 1])
    ]
    yield go.Heatmap(
        x=x,
        y=y,
        z=[rounded(row, 0) for row in places],
        zmin=-0.5,
        zmax=len(known) - 0.5,
        colorscale=scale,
        opacity=TINT,
        showscale=False,
        hoverinfo="skip",
    )


def _arrows(x: np.ndarray, y: np.ndarray, flow: list[np.ndarray], digits: int) -> go.Scatter:
    """Arrows of the flow on some of the nodes; their length grows with the root of the speed."""
    columns, rows = (
        np.unique(np.linspace(0, len(axis) - 1, ARROWS).round().astype(int)) for axis in (x, y)
    )
    starts = np.stack(np.meshgrid(x[columns], y[rows]), axis=-1).reshape(-1, 2)
    size = np.array([np.ptp(x), np.ptp(y)])
    way = np.stack([part[np.ix_(rows, columns)].ravel() for part in flow], axis=-1) / size
    speed = np.linalg.norm(way, axis=1, keepdims=True)
    top = max(float(speed.max()), np.finfo(float).tiny)
    way *= LONGEST / ARROWS / np.sqrt(np.maximum(speed, 1e-12 * top) * top) * size
    path = np.stack([starts, starts + way, np.full_like(starts, np.nan)], axis=1).reshape(-1, 2)
    return go.Scatter(
        x=rounded(path[:, 0], digits),
        y=rounded(path[:, 1], digits),
        mode="lines+markers",
        line={"color": _ARROW, "width": 1},
        marker={
            "symbol": "arrow",
            "angleref": "previous",
            "color": _ARROW,
            "size": [0, 7, 0] * len(starts),
            "line": {"width": 0},
        },
        name="flow",
        hoverinfo="skip",
    )


def _trials(x: pd.Series, y: pd.Series, digits: int, mode: str) -> go.Scatter:
    look = (
        {"line": {"color": style.GREY, "width": 0.8}}
        if mode == "lines"
        else {"marker": {"color": style.GREY, "size": 3}}
    )
    return go.Scatter(
        x=rounded(x, digits),
        y=rounded(y, digits),
        mode=mode,
        **look,
        opacity=0.4,
        name="trials",
        hoverinfo="skip",
    )


def _moving(rows: pd.DataFrame, digits: int) -> Iterator[go.Scatter]:
    """Attractors beside the points: closed curves, or clouds of states."""
    for number, (_, own) in enumerate(rows.groupby("point", sort=False)):
        kind = str(own["kind"].iloc[0])
        places = own[PLACE].to_numpy(float)
        if kind not in CLOUDS:
            places = np.concatenate([places, places[:1]])
        mode = "markers" if kind in CLOUDS else "lines+markers" if kind == CYCLE else "lines"
        colour = style.KIND_COLOURS[kind]
        yield go.Scatter(
            x=rounded(places[:, 0], digits),
            y=rounded(places[:, 1], digits),
            mode=mode,
            line={"color": colour, "width": 2.5},
            marker={"color": colour, "size": 4},
            name=LABELS.get(kind, kind),
            legendgroup=kind,
            showlegend=number == 0,
            hoverinfo="skip",
        )


def _points(rows: pd.DataFrame, digits: int, probes: tuple[str, ...]) -> Iterator[go.Scatter]:
    for order, own in by_order(rows):
        colour = style.GREY if order is None else style.unstable_colour(order)
        label = "slow points" if order is None else unstable_label(order)
        hollow = own["marginal"].to_numpy(dtype=bool)
        yield go.Scatter(
            x=rounded(own["kappa1"], digits),
            y=rounded(own["kappa2"], digits),
            customdata=belongs(own.astype({"point": int}), probes),
            hovertext=[
                f"<b>{KINDS[str(row.kind)]} {int(row.point)}</b>, probe {row.probe}<br>{label}"
                for row in own.itertuples()
            ],
            hoverinfo="text",
            mode="markers",
            marker={
                "size": 10,
                "color": colour,
                "symbol": np.where(hollow, "circle-open", "circle").tolist(),
                "line": {"color": [colour if h else "white" for h in hollow], "width": 1},
            },
            name=label,
        )


def _reach(nodes: pd.DataFrame) -> float:
    return 1.25 * float(nodes["flow1"].abs().max()) or 1.0


def _layout(nodes: pd.DataFrame, line: bool) -> dict[str, object]:
    x = nodes["kappa1"]
    y = nodes["kappa2"]
    sides = [-_reach(nodes), _reach(nodes)] if line else [float(y.min()), float(y.max())]
    names = ("κ (current)", "Δκ per update (current)") if line else ("κ₁ (current)", "κ₂ (current)")
    axes = {"showgrid": False, "nticks": 6}
    return plot.layout(
        xaxis=plot.axis(title={"text": names[0]}, range=[float(x.min()), float(x.max())], **axes),
        yaxis=plot.axis(title={"text": names[1]}, range=sides, **axes | {"zeroline": line}),
        legend=plot.legend_below(),
    )
