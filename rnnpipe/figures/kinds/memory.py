"""Flip-flop networks of all cells: a trial, states and fixed points, and how alike they are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure, SubFigure

from rnnpipe.dynamics.classes import FIXED
from rnnpipe.figures import layout, page
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.factors import looks
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import (
    attractors,
    distance_matrix,
    embedding,
    graph,
    states_block,
    trials,
)
from rnnpipe.figures.selection import per_network, representatives

NEEDS = Needs(
    tables=("distances", "embedding"),
    parts=("trajectories", "graph"),
    tasks=("flipflop",),
    models=2,
    metrics=("svcca",),
)

# Graphs drawn: more would be too small to read.
GRAPHS = 2


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections trial, states, matrix, geometry, graphs, topology."""
    networks = per_network(tables["networks"])
    chosen = representatives(networks, options, ["cell"])
    few = chosen.head(GRAPHS)
    geometry = embedding.prepare(tables["embedding"], networks, "svcca")
    return page.join(
        trial=states_block.named(trials.prepare_block(tables, chosen), chosen),
        states=states_block.prepare(tables, options, chosen),
        matrix=distance_matrix.prepare(tables["distances"], geometry, "svcca"),
        geometry=geometry,
        graphs=states_block.named(graph.prepare(tables, few, options), few),
        topology=embedding.prepare(tables["embedding"], networks, "topology"),
    )


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Six blocks in three rows."""
    states = page.section(frame, "states")
    height = states_block.height_mm(states, 37)
    figure, blocks = page.page([(height, (58, 122)), (71, (100, 80)), (63, (100, 80))])
    trials.draw_block(blocks[0], 0, page.section(frame, "trial"))
    states_block.draw(blocks[1], 1, "States and fixed points", states, options)
    _matrix(blocks[2], page.section(frame, "matrix"))
    _graphs(blocks[4], page.section(frame, "graphs"))
    sides = [page.section(frame, name) for name in ("geometry", "topology")]
    half = embedding.reach(*sides)
    titles = ("MDS of geometry (SVCCA)", "MDS of fixed-point topology")
    for index, rows, text in zip((3, 5), sides, titles, strict=True):
        embedding.draw(blocks[index], index, text, rows, looks(frame), half, index == 3)
    return figure


def _matrix(block: SubFigure, rows: pd.DataFrame) -> None:
    page.title(block, 2, "Distances of geometry between solved networks")
    ax = block.subplots()
    image: ScalarMappable | None = distance_matrix.panel(ax, rows)
    if image is not None:
        page.bar(block, image, ax, "SVCCA distance")


def _graphs(block: SubFigure, rows: pd.DataFrame) -> None:
    page.title(block, 4, "Transitions between fixed points")
    panels = layout.split(rows)
    if not panels:
        page.note(block, "no networks")
        return
    axes = block.subplots(1, len(panels), squeeze=False)[0]
    for ax, (name, own) in zip(axes, panels, strict=True):
        ax.set_title(layout.cell_title(name))
        if (own["layer"] == "node").any():
            graph.panel(ax, own, {}, inputs=False)
        else:
            layout.empty(ax, "no fixed points", square=True)
    for ax in axes[1:]:
        ax.set_ylabel("")
    moving = rows[(rows["layer"] == "node") & (rows["kind"] != FIXED)]
    page.legend(block, attractors.handles(moving, marked=True) + graph.handles())


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """Sentences of the caption, block by block."""
    return (
        "a, input, target and output on the harvested trial whose inputs change most often. "
        f"b, states of up to {options.trials} trials along the first two principal components, "
        f"with the fixed points under the probe “{options.probe}” ({states_block.LEFT_OUT}); "
        f"{states_block.WHICH.format('cell')}. c, SVCCA distances between "
        f"{distance_matrix.described(page.section(frame, 'matrix'))}. "
        f"d and f, {embedding.described(frame)}. e, where noise (wide, grey; "
        "width grows with probability) and both directions of each unstable manifold (arrows) "
        "lead; points as in b, placed by their readouts."
    )
