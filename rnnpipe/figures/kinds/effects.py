"""What constraints on the weights change: distances, effect sizes, scores, fixed points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure, SubFigure

from rnnpipe.figures import factors, layout, page
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.factors import SHOWN, Looks
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import distance_statistics, effects, embedding, means, outcomes
from rnnpipe.figures.selection import per_network

NEEDS = Needs(tables=("networks", "statistics", "embedding", "effects"), constraints=2)


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections geometry, topology, effects, explained, outcomes, census."""
    networks = per_network(tables["networks"])
    solved = networks[networks["status"] == "solved"]
    kinds = networks[["model", *SHOWN]].drop_duplicates("model")
    found = tables["effects"].merge(kinds[["model", *SHOWN]], on="model", how="left")
    # An effect over several models belongs to no one cell.
    found[SHOWN] = found[SHOWN].astype(object).fillna("all")
    return page.join(
        geometry=embedding.prepare(tables["embedding"], networks, "svcca"),
        topology=embedding.prepare(tables["embedding"], networks, "topology"),
        effects=effects.prepare(found),
        explained=distance_statistics.explained(tables["statistics"], "constraint"),
        outcomes=outcomes.prepare(networks, ["score"], "constraint"),
        census=means.census(tables["networks"], solved, "constraint"),
    )


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Six blocks in three rows; constraints and activations have one legend, above all."""
    scores, sizes = page.section(frame, "outcomes"), page.section(frame, "effects")
    height = effects.height_mm(sizes)
    figure, blocks = page.page([(64, (1, 1)), (height, (105, 75)), (54, (120, 60))])
    by_cell = factors.looks(scores)
    look = Looks(factors.colours(scores["constraint"]), by_cell.markers)
    layout.legend(figure, look.handles())
    sides = [page.section(frame, name) for name in ("geometry", "topology")]
    half = embedding.reach(*sides)
    titles = ("MDS of geometry (SVCCA)", "MDS of fixed-point topology")
    for index, (rows, text) in enumerate(zip(sides, titles, strict=True)):
        page.title(blocks[index], index, text)
        ax = blocks[index].subplots()
        embedding.panel(ax, rows, look, half, "constraint")
    effects.draw(blocks[2], 2, sizes, look)
    page.title(blocks[3], 3, "What the constraint explains")
    distance_statistics.explained_panel(blocks[3].subplots(), page.section(frame, "explained"))
    _scores(blocks[4], scores, look, options)
    means.draw_census(blocks[5], 5, page.section(frame, "census"), look.colours, "constraint")
    return figure


def _scores(block: SubFigure, rows: pd.DataFrame, look: Looks, options: FigureOptions) -> None:
    page.title(block, 4, "Scores")
    by = {"by": "constraint", "colour": "constraint"}
    outcomes.scores(block.subplots(), rows, look, options, **by)
    page.legend(block, outcomes.handles())


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """Sentences of the caption, block by block."""
    rows = page.section(frame, "effects")
    sizes = rows["effect"].astype(float).abs()
    far = int(((sizes > effects.WIDEST) & np.isfinite(sizes)).sum())
    cut = f"; {far} beyond ±{effects.WIDEST:g} drawn there" if far else ""
    reference = f"“{rows['reference'].iloc[0]}”" if len(rows) else "the reference"
    return (
        f"a and b, {embedding.described(frame)}, coloured by constraint. c, "
        f"effect of each constraint on each measure against {reference} (Hedges' g with its "
        "95 % jackknife interval, one mark per model in the order of their cells; hollow: adjusted "
        "p ≥ 0.05, or fewer than four networks in a group, which have no interval"
        f"{cut}{_not_finite(sizes)}); right of 0 the measure is larger under the constraint. d, "
        "share of the variance of each distance that the constraint explains given the other "
        "factors (ω² with its 95 % interval; hollow: adjusted p ≥ 0.05). e, scores; one point per "
        "network, hollow unless solved. f, fixed points of solved networks by number of unstable "
        "modes (mean ± s.e.m. over networks)."
    )


def _not_finite(sizes: pd.Series) -> str:
    """Say in the caption which effects have no place on the axis, where there are such."""
    infinite = "; triangles: infinite, since neither group varies" if np.isinf(sizes).any() else ""
    undefined = int(sizes.isna().sum())
    return infinite + (f"; {undefined} undefined, not drawn" if undefined else "")
