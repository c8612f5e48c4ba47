"""Transition graphs between fixed points and attractors of other kinds."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors, graph
from rnnpipe.figures.selection import examples

NEEDS = Needs(
    tables=(
        "networks",
        "components",
        "fixed_points",
        "attractors",
        "curves",
        "stability",
        "edges",
    ),
)


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the rows of the example networks; see ``graph.prepare``."""
    return graph.prepare(tables, examples(tables["networks"], options.examples), options)


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Noise and unstable manifolds above, input pulses below, one column per example network."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (54, 54), square=True)
    edges = frame[frame["layer"] == "edge"]
    labels = sorted(edges.loc[edges["kind"] == graph.INPUT, "input"].astype(str).unique())
    named = len(labels) <= len(style.CATEGORIES)
    colours = dict(zip(labels, style.CATEGORIES, strict=False)) if named else {}
    for (top, bottom), rows in layout.filled_panels(axes, panels, "no nodes", "node"):
        graph.panel(top, rows, colours, inputs=False).set_xlabel("")
        graph.panel(bottom, rows, colours, inputs=True)
    layout.outer_labels(axes)
    entries = graph.node_handles(frame[frame["layer"] == "node"])
    entries += graph.handles()
    entries += [style.entry(f"input {name}", color=c, lw=1) for name, c in colours.items()]
    layout.legend(figure, entries)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    return (
        f"Transitions between {_nodes(frame)} under the probe “{options.probe}”, placed by their "
        "readouts, or by principal components where there are not two or three readouts. Above: "
        "where noise (wide, grey) and both directions of each unstable manifold (arrows) lead; "
        "below: where input pulses lead from attractors. Width grows with probability; returns "
        f"to the same node are not drawn.{attractors.described(frame[frame['layer'] == 'moving'])} "
        f"{EXAMPLES}"
    )


def _nodes(frame: pd.DataFrame) -> str:
    moves = (frame["layer"] == "moving").any()
    return "the fixed points" + (" and attractors of other kinds" if moves else "")
