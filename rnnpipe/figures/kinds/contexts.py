"""Context-dependent integrators of all cells: lines of fixed points, and how they select."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure, SubFigure

from rnnpipe.figures import layout, page
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.factors import SHOWN, Looks, looks
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import contexts, embedding, points, states_block, trials
from rnnpipe.figures.selection import per_network, representatives

NEEDS = Needs(
    tables=("embedding", "responses", "reduced"),
    parts=("trajectories",),
    tasks=("context",),
    models=2,
    everyone={
        "fixed_points": ("seed", "probe", "point", "kind", "beyond_visited"),
        "stability": ("seed", "probe", "point", "unstable", "class"),
        "modes": ("seed", "probe", "point", "re", "im"),
        "responses": ("seed", "probe", "point", "re", "im", "input_alignment"),
        "reduced": ("seed", "probe", "point", "channel", "kept", "error"),
    },
)

# Input channels of the task, in their order.
INPUTS = ("stream 1", "stream 2", "context 1", "context 2")

# With more combinations of cell and activation, one network of each cell is drawn.
MOST_PANELS = 12


def needed(table: str, rows: pd.DataFrame, count: int) -> pd.DataFrame:
    """Rows of a block's table: the leading and the growing modes of every point."""
    if table == "modes":
        return contexts.leading(rows, contexts.LEADING, unstable=True)
    return contexts.leading(rows, 1) if table == "responses" else rows


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections trial, states, geometry, topology, moduli, reduction, selection."""
    networks = per_network(tables["networks"])
    solved = networks[networks["status"] == "solved"]
    chosen = representatives(networks, options, SHOWN)
    if len(chosen) > MOST_PANELS:
        chosen = representatives(networks, options, ["cell"])
    probes = sorted(tables["fixed_points"]["probe"].astype(str).unique()) or None
    trial = trials.prepare_block(tables, chosen)
    states = states_block.prepare(tables, options, chosen, probes)
    return page.join(
        trial=states_block.named(trial, chosen),
        # The line of points shows where their slow modes lead.
        states=states[states["layer"] != "mode"],
        geometry=embedding.prepare(tables["embedding"], networks, "svcca"),
        topology=embedding.prepare(tables["embedding"], networks, "topology"),
        moduli=contexts.moduli(points.kept(tables["modes"], tables), solved),
        reduction=contexts.reduction(points.kept(tables["reduced"], tables), solved),
        selection=contexts.selection(points.kept(tables["responses"], tables), solved),
    )


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Six blocks in three rows; cells and activations have one legend, above all."""
    states = page.section(frame, "states")
    height = states_block.height_mm(states, 35)
    figure, blocks = page.page([(height, (60, 120)), (60, (118, 62)), (54, (98, 82))])
    look = looks(frame)
    layout.legend(figure, look.handles())
    trials.draw_block(blocks[0], 0, page.section(frame, "trial"), INPUTS)
    states_block.draw(blocks[1], 1, "States and fixed points in either context", states, options)
    _embeddings(blocks[2], frame, look)
    page.title(blocks[3], 3, "Leading eigenvalues")
    rows = page.section(frame, "moduli")
    contexts.moduli_panel(blocks[3].subplots(), rows, look.colours)
    _reduction(blocks[4], page.section(frame, "reduction"), look)
    _selection(blocks[5], page.section(frame, "selection"), look)
    return figure


def _embeddings(block: SubFigure, frame: pd.DataFrame, look: Looks) -> None:
    page.title(block, 2, "MDS of geometry and of fixed-point topology")
    sides = [page.section(frame, name) for name in ("geometry", "topology")]
    half = embedding.reach(*sides)
    for ax, rows, name in zip(block.subplots(1, 2), sides, ("SVCCA", "topology"), strict=True):
        embedding.panel(ax, rows, look, half).set_title(name, loc="left")


def _reduction(block: SubFigure, rows: pd.DataFrame, look: Looks) -> None:
    page.title(block, 4, "Responses from few modes")
    axes = block.subplots(1, 2, sharey=True)
    for ax, stream in zip(axes, ("cued", "uncued"), strict=True):
        own = rows[rows["stream"] == stream]
        contexts.reduction_panel(ax, own, look.colours).set_title(f"{stream} stream")
    axes[1].set_ylabel("")
    if len(rows):
        lowest, highest = (float(limit) for limit in rows["mean"].agg(["min", "max"]))
        axes[0].set_ylim(max(0.5 * lowest, contexts.LOWEST), 2 * highest)


def _selection(block: SubFigure, rows: pd.DataFrame, look: Looks) -> None:
    page.title(block, 5, "Alignment of the leading mode with the streams")
    probes = sorted(rows["probe"].dropna().unique())
    if not probes:
        page.note(block, "no leading modes of solved networks")
        return
    top = 1.08 * float(rows[["cued", "uncued"]].to_numpy(float).max())
    axes = block.subplots(1, len(probes), squeeze=False)[0]
    for ax, probe in zip(axes, probes, strict=True):
        own = rows[rows["probe"] == probe]
        contexts.selection_panel(ax, own, look, top).set_title(probe)
    for ax in axes[1:]:
        ax.set_ylabel("")


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """Sentences of the caption, block by block."""
    states = page.section(frame, "states")
    panels = states[states["layer"] == "panel"]
    several = panels["cell"].duplicated().any()
    drawn = states_block.WHICH.format("cell and activation" if several else "cell")
    return (
        "a, inputs (two noisy streams and the two lines of the context), target and output on one "
        f"harvested trial. b, states of up to {options.trials} trials along the first two "
        "principal components, coloured by the integrated evidence, with the fixed points in "
        f"either context, joined by a line where they are few ({states_block.LEFT_OUT}); "
        f"{drawn}. "
        f"c, {embedding.described(frame)}. d, moduli of "
        f"the {contexts.LEADING} leading eigenvalues at the fixed points. e, error of the "
        "linear response to a pulse when only this number of leading modes is kept, relative to "
        "the response of all modes. d and e, mean ± s.e.m. over solved networks, of means over "
        "points. f, alignment "
        "|l* b| / (|l| |b|) of the left eigenvector l of the leading mode with the input vectors "
        "b of the streams, mean over points; above the line the cued stream moves the mode more."
    )
