"""Transitions between fixed points, and the runs that led to them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rnnpipe.figures import style
from rnnpipe.figures.panels.graph import INPUT, MANIFOLD, NOISE
from rnnpipe.figures.projection import PLACE
from rnnpipe.pages.coordinates import polylines, segments
from rnnpipe.pages.layers import Drawing, Layer, by_order
from rnnpipe.scene.colouring import EDGE
from rnnpipe.scene.contents import END, Scene

LABELS = {
    MANIFOLD: "transitions along unstable directions",
    NOISE: "transitions by noise",
    INPUT: "transitions by input pulses",
}
COLOURS = {MANIFOLD: style.INK, NOISE: EDGE, INPUT: "#B06AB3"}
# Line width for a probability up to each bound: a line of many segments has one.
WIDTHS = ((1 / 3, 1.5), (2 / 3, 3.0), (1.0, 5.0))


def unstable_manifold_runs(scene: Scene, drawing: Drawing) -> Iterator[Layer]:
    """Runs of the network after it is pushed off a point along an unstable direction."""
    traces, key = [], ["probe", "point", "run"]
    for order, own in by_order(scene.unstable_manifold_runs):
        rows = own.sort_values([*key, "step"], kind="stable")[[*key, *PLACE]]
        lines = polylines(rows.reset_index(drop=True), key)
        look = {"mode": "lines", "line": {"color": style.INK, "width": 2}, "opacity": 0.7}
        traces.append(drawing.trace(lines, "unstable_manifold_runs", order, **look))
    if traces:
        look = {"line": {"color": style.INK, "width": 2}}
        yield Layer("unstable_manifold_runs", "runs off unstable points", look, traces)


def edges(scene: Scene, drawing: Drawing) -> Iterator[Layer]:
    """One layer per kind of transition; hidden where runs or clearer layers show the same."""
    for kind, label in LABELS.items():
        rows = scene.edges[scene.edges["kind"] == kind]
        if len(rows):
            traces = list(_by_width(rows, kind, drawing))
            look = {"line": {"color": COLOURS[kind], "width": 3}}
            shown = kind == MANIFOLD and scene.unstable_manifold_runs.empty
            yield Layer(kind, label, look, traces, shown)


def widths(edges: pd.DataFrame) -> Iterator[tuple[float, pd.DataFrame]]:
    """Line width, and the transitions whose probability asks for it."""
    low = -1.0
    for high, width in WIDTHS:
        own = edges[edges["probability"].between(low, high, inclusive="right")]
        if len(own):
            yield width, own
        low = high


def _by_width(edges: pd.DataFrame, kind: str, drawing: Drawing):
    for order, own in by_order(edges):
        for width, rows in widths(own):
            places = segments(rows[PLACE].to_numpy(float), rows[END].to_numpy(float))
            ends = rows.loc[rows.index.repeat(3), ["probe", "from"]]
            ends = ends.rename(columns={"from": "point"})
            ends = ends.assign(**dict(zip(PLACE, places.T, strict=True)))
            line = {"color": COLOURS[kind], "width": width}
            yield drawing.trace(ends, kind, order, mode="lines", line=line, opacity=0.8)
