"""Fixed points, cycles, continua and unstable directions of the three-dimensional plot."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import ATTRACTOR
from rnnpipe.figures import style
from rnnpipe.figures.panels.states import SEGMENT
from rnnpipe.figures.projection import PLACE, TIP
from rnnpipe.pages.coordinates import polylines, segments
from rnnpipe.pages.hover import texts
from rnnpipe.pages.layers import Drawing, Layer, by_order
from rnnpipe.scene.contents import Scene

# Pixels; smaller where many points lie close together.
_SIZE, _SMALL, _MANY = 7, 5, 80


def points(scene: Scene, drawing: Drawing) -> Iterator[Layer]:
    """A layer for each number of unstable modes, then slow points, then cycles."""
    rows = scene.points.assign(text=texts(scene))
    fixed = rows[rows["kind"] == "fixed"]
    size = _SIZE if len(rows) <= _MANY else _SMALL
    for order, own in by_order(fixed):
        yield _points(own, order, size, drawing)
    for kind, label, symbol in (("slow", "slow points", "diamond"), ("cycle", "cycles", "square")):
        own = rows[rows["kind"] == kind]
        if len(own):
            yield _others(own, scene, kind, label, symbol, drawing, 0.75 * size)


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


def _others(
    rows: pd.DataFrame,
    scene: Scene,
    kind: str,
    label: str,
    symbol: str,
    drawing: Drawing,
    size: float,
) -> Layer:
    """Slow points or cycles: one layer, coloured by number of unstable modes where it is known."""
    traces = []
    for order, own in by_order(rows):
        colour = style.GREY if order is None else style.unstable_colour(order)
        traces.append(
            drawing.trace(
                own,
                kind,
                order,
                mode="markers",
                marker={"size": size, "color": colour, "symbol": symbol},
                hovertext=own["text"].tolist(),
                hoverinfo="text",
            )
        )
        if kind == "cycle":
            lines = _orbits(scene.orbits, own)
            look = {"color": colour, "width": 4}
            traces.append(drawing.trace(lines, kind, order, mode="lines", line=look))
    marker = {"size": _SIZE, "color": style.GREY, "symbol": symbol}
    return Layer(kind, f"{label} ({len(rows)})", {"marker": marker}, traces)


def _orbits(orbits: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """States of some cycles in turn, each closed."""
    key = ["probe", "point"]
    own = orbits.merge(cycles[key], on=key).sort_values([*key, "phase"], kind="stable")
    first = own.drop_duplicates(key).assign(phase=np.inf)
    closed = pd.concat([own, first]).sort_values([*key, "phase"], kind="stable")
    return polylines(closed[[*key, *PLACE]].reset_index(drop=True), key)


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
