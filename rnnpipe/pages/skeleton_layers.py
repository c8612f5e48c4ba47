"""Points, other attractors, continua and unstable directions of the three-dimensional plot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import ATTRACTOR, CYCLE, FIXED, KINDS, SLOW
from rnnpipe.figures import style
from rnnpipe.figures.panels.attractors import CLOUDS, closed, heads, named
from rnnpipe.figures.panels.states import SEGMENT
from rnnpipe.figures.projection import PLACE, TIP
from rnnpipe.pages.coordinates import polylines, segments
from rnnpipe.pages.hover import attractor_texts, texts
from rnnpipe.pages.layers import Drawing, Layer, by_order
from rnnpipe.scene.colouring import attractor_colours
from rnnpipe.scene.contents import Scene

# Pixels; smaller where many points lie close together.
_SIZE, _SMALL, _MANY = 7, 5, 80
KEY = ["probe", "point"]


def points(scene: Scene, drawing: Drawing) -> Iterator[Layer]:
    """A layer for each number of unstable modes, then slow points."""
    rows = scene.points.assign(text=texts(scene))
    fixed = rows[rows["kind"] == "fixed"]
    size = _SIZE if len(rows) <= _MANY else _SMALL
    for order, own in by_order(fixed):
        yield _points(own, order, size, drawing)
    slow = rows[rows["kind"] == SLOW]
    if len(slow):
        yield _slow(slow, drawing, 0.75 * size)


def _points(rows: pd.DataFrame, order: int | None, size: float, drawing: Drawing) -> Layer:
    colour = style.GREY if order is None else style.unstable_colour(order)
    hollow = rows["marginal"].to_numpy(dtype=bool)
    name = "points" if order is None else f"order {order}"
    label = "stability unknown" if order is None else style.unstable_label(order)
    note = f"; hollow: {hollow.sum()} marginal" if hollow.any() else ""
    marker = {
        "size": size,
        "color": colour,
        "symbol": np.where(hollow, "circle-open", "circle").tolist(),
        "line": {"color": "white", "width": 0.5},
    }
    trace = drawing.trace(
        rows,
        name,
        order,
        mode="markers",
        marker=marker,
        hovertext=rows["text"].tolist(),
        hoverinfo="text",
    )
    look = {"marker": {"size": _SIZE, "color": colour}}
    return Layer(name, f"{label} ({len(rows)}{note})", look, [trace])


def _slow(rows: pd.DataFrame, drawing: Drawing, size: float) -> Layer:
    """Slow points: one layer, coloured by number of unstable modes where it is known."""
    traces = []
    for order, own in by_order(rows):
        colour = style.GREY if order is None else style.unstable_colour(order)
        traces.append(
            drawing.trace(
                own,
                SLOW,
                order,
                mode="markers",
                marker={"size": size, "color": colour, "symbol": "diamond"},
                hovertext=own["text"].tolist(),
                hoverinfo="text",
            )
        )
    marker = {"size": _SIZE, "color": style.GREY, "symbol": "diamond"}
    return Layer(SLOW, f"slow points ({len(rows)})", {"marker": marker}, traces)


def attractors(scene: Scene, drawing: Drawing) -> Iterator[Layer]:
    """A layer for each kind of attractor beside the points."""
    found = scene.attractors.assign(text=attractor_texts(scene.attractors))
    rows = scene.curves.merge(found[[*KEY, "text"]], on=KEY)
    for kind in (kind for kind in KINDS if (rows["kind"] == kind).any()):
        own, name = rows[rows["kind"] == kind], f"attractor {kind}"
        colours = own["probe"].map(attractor_colours(scene, kind))
        traces = [
            trace
            for colour, part in own.groupby(colours, sort=False)
            for trace in _of_kind(part, kind, name, str(colour), scene, drawing)
        ]
        colour = {"color": colours.iloc[0]}
        look = {"marker": {"size": _SIZE, **colour}} if kind in CLOUDS else {"line": colour}
        count = int((found["kind"] == kind).sum())
        yield Layer(name, f"{named(kind, count).split(' ', 1)[1]} ({count})", look, traces)


def _of_kind(
    rows: pd.DataFrame, kind: str, name: str, colour: str, scene: Scene, drawing: Drawing
) -> list[Any]:
    """Attractors of one colour: closed curves with arrowheads, squares for cycles, or clouds."""
    if kind in CLOUDS:
        look = {
            "mode": "markers",
            "marker": {"size": _SMALL if kind == FIXED else 2, "color": colour},
        }
        return [drawing.trace(rows, name, hovertext=_texts(rows), hoverinfo="text", **look)]
    line = {"mode": "lines", "line": {"color": colour, "width": 4}}
    square = {"size": _SMALL, "color": colour, "symbol": "square"}
    marked = {"mode": "lines+markers", "marker": square} if kind == CYCLE else {}
    curves, arrows = _closed(rows), _heads(rows, float(np.ptp(scene.places, axis=0).max()))
    return [
        drawing.trace(
            curves, name, hovertext=_texts(curves), hoverinfo="text", **{**line, **marked}
        ),
        drawing.trace(arrows, name, **line),
    ]


def _texts(rows: pd.DataFrame) -> list[str]:
    return rows["text"].fillna("").tolist()


def _closed(curves: pd.DataFrame) -> pd.DataFrame:
    """States of some attractors in turn, each closed, with a gap after each."""
    first = curves.drop_duplicates(KEY).assign(phase=np.inf)
    closed = pd.concat([curves, first]).sort_values([*KEY, "phase"], kind="stable")
    return polylines(closed[[*KEY, "text", *PLACE]].reset_index(drop=True), KEY)


def _heads(curves: pd.DataFrame, extent: float) -> pd.DataFrame:
    """Arrowheads of some closed attractors: the ends of a base, joined to the tip between them."""
    parts = []
    for key, own in curves.groupby(KEY, sort=False):
        triangles = heads(closed(own[PLACE].to_numpy(float)), extent)[:, [1, 0, 2]]
        places = pd.DataFrame(triangles.reshape(-1, 3), columns=PLACE)
        numbers = np.repeat(np.arange(len(triangles)), 3)
        parts.append(places.assign(**dict(zip(KEY, key, strict=True)), head=numbers))
    return polylines(pd.concat(parts, ignore_index=True), [*KEY, "head"])


def continua(scene: Scene, drawing: Drawing) -> Iterator[Layer]:
    """Slow curves: attractors as wide dark lines, those that are none as thin grey ones."""
    rows, key = scene.continua, ["probe", "continuum"]
    attracting = rows["nature"] == ATTRACTOR
    wide, thin = {"color": style.INK, "width": 5}, {"color": style.GREY, "width": 2}
    for own, name, line, what in (
        (rows[attracting], "continua", wide, "continuous attractors"),
        (rows[~attracting], "slow_curves", thin, "slow curves that are no attractors"),
    ):
        if own.empty:
            continue
        own = own.sort_values([*key, "node"], kind="stable")
        first = own[own["closed"].astype(bool)].drop_duplicates(key).assign(node=np.inf)
        own = pd.concat([own, first]).sort_values([*key, "node"], kind="stable")
        text = [
            f"{kind}, {nature}, probe {probe}<br>drift {drift:.2g}"
            for kind, nature, probe, drift in own[["kind", "nature", "probe", "drift"]].values
        ]
        nodes = own.assign(text=text)[[*key, "text", *PLACE]].reset_index(drop=True)
        lines = polylines(nodes, key)
        trace = drawing.trace(
            lines,
            name,
            mode="lines",
            line=line,
            hovertext=lines["text"].fillna("").tolist(),
            hoverinfo="text",
        )
        number = own.groupby(key, observed=True).ngroups
        yield Layer(name, f"{what} ({number})", {"line": line}, [trace])


def modes(scene: Scene, drawing: Drawing) -> Iterator[Layer]:
    """Both directions of every unstable eigenvector."""
    traces = []
    for order, own in by_order(scene.modes):
        middle, tips = own[PLACE].to_numpy(float), own[TIP].to_numpy(float)
        places = segments(middle - tips, middle + tips)
        rows = own.loc[own.index.repeat(3), ["probe", "point"]]
        rows = rows.assign(**dict(zip(PLACE, places.T, strict=True)))
        line = {"color": SEGMENT, "width": 6}
        traces.append(drawing.trace(rows, "modes", order, mode="lines", line=line))
    if traces:
        look = {"line": {"color": SEGMENT, "width": 5}}
        yield Layer("modes", "unstable eigenvectors", look, traces)
