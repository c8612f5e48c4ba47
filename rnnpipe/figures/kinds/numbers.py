"""A study in numbers: what explains the distances, fixed points, outcomes and generalisation."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure, SubFigure

from rnnpipe.figures import layout, page, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.factors import Looks, looks
from rnnpipe.figures.options import FigureOptions, with_unit
from rnnpipe.figures.panels import distance_statistics, intervals, means, outcomes
from rnnpipe.figures.panels.scores import least
from rnnpipe.figures.selection import per_network
from rnnpipe.figures.ticks import logarithmic
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(
    tables=("networks", "statistics", "mantel", "behaviour"),
    cohorts=2,
    everyone={"behaviour": ("seed", "setting", "level", "score")},
)

SETTINGS = ("trained", "unseen", "longer", "noise")
# Height of the first block for each factor and metric.
_MM_PER_MARK = 1.2


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections explained, mantel, census, outcomes, ratio, behaviour."""
    networks = per_network(tables["networks"])
    solved = networks[networks["status"] == "solved"]
    return page.join(
        explained=distance_statistics.explained(tables["statistics"]),
        mantel=distance_statistics.mantel(tables["mantel"]),
        census=means.census(tables["networks"], solved, "cell"),
        outcomes=outcomes.prepare(networks, ["test_loss", "score"]),
        ratio=distance_statistics.ratio(tables["statistics"]),
        behaviour=behaviour(tables["behaviour"], solved, least(options)),
    )


def behaviour(table: pd.DataFrame, solved: pd.DataFrame, lowest: float | None) -> pd.DataFrame:
    """Mean score of solved networks by setting and level, in columns x and label.

    Lower scores than the lowest count as it: networks that escape to infinity have any score.
    """
    rows = table.merge(solved[[*NETWORK, "cell"]], on=NETWORK)
    scores = rows["score"].astype(float).clip(lower=lowest)
    rows = rows.assign(level=rows["level"].astype(float), score=scores)
    levels = rows[["setting", "level"]].drop_duplicates()
    place = {name: i for i, name in enumerate(SETTINGS)}
    levels = levels.assign(place=levels["setting"].map(place).fillna(len(place)))
    levels = levels.sort_values(["place", "level"], kind="stable").drop(columns="place")
    levels["x"] = range(len(levels))
    levels["label"] = [_setting(*row) for row in levels[["setting", "level"]].to_numpy()]
    rows = rows.merge(levels, on=["setting", "level"])
    return means.summarise(rows, ["cell", "x", "label"], "score")


def _setting(setting: str, level: float) -> str:
    if pd.isna(level):
        return setting
    return f"{setting} ×{level:g}" if setting == "longer" else f"{setting} {level:g} sd"


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Six blocks in three rows; cells have one legend, above all."""
    height = max(68.0, 26 + _MM_PER_MARK * len(page.section(frame, "explained")))
    figure, blocks = page.page([(height, (95, 85)), (54, (60, 120)), (62, (80, 100))])
    look = looks(page.section(frame, "outcomes"))
    layout.legend(figure, look.handles())
    _explained(blocks[0], page.section(frame, "explained"))
    page.title(blocks[1], 1, "Correlation between distances")
    ax = blocks[1].subplots()
    image = distance_statistics.mantel_panel(ax, page.section(frame, "mantel"))
    if image is not None:
        page.bar(blocks[1], image, ax, "Mantel r")
    means.draw_census(blocks[2], 2, page.section(frame, "census"), look.colours)
    _outcomes(blocks[3], page.section(frame, "outcomes"), look, options)
    page.title(blocks[4], 4, "Variability between seeds")
    distance_statistics.ratio_panel(blocks[4].subplots(), page.section(frame, "ratio"))
    _behaviour(blocks[5], page.section(frame, "behaviour"), look, options)
    return figure


def _explained(block: SubFigure, rows: pd.DataFrame) -> None:
    page.title(block, 0, "What explains the distances")
    distance_statistics.explained_panel(block.subplots(), rows)
    known = distance_statistics.told_apart(rows)
    if len(known):
        page.legend(block, intervals.handles(distance_statistics.colours(known), known))


def _outcomes(block: SubFigure, rows: pd.DataFrame, look: Looks, options: FigureOptions) -> None:
    page.title(block, 3, "Loss and score")
    left, right = block.subplots(1, 2)
    outcomes.panel(left, rows, "test_loss", look).set_ylabel("test loss")
    if left.axison:
        logarithmic(left)
    outcomes.scores(right, rows, look, options)
    page.legend(block, outcomes.handles())


def _behaviour(block: SubFigure, rows: pd.DataFrame, look: Looks, options: FigureOptions) -> None:
    page.title(block, 5, "Function beyond training")
    ax = means.panel(block.subplots(), rows, look.colours, spread=0.3, line="")
    if rows.empty:
        return
    labels = rows.drop_duplicates("x").sort_values("x")["label"]
    ax.set_xticks(range(len(labels)), labels, rotation=35, ha="right", rotation_mode="anchor")
    ax.tick_params(axis="x", length=0)
    ax.set_ylabel(with_unit(options.score_name, options.score_unit))
    for edge in range(1, len(labels)):
        ax.axvline(edge - 0.5, color=style.PALE, lw=0.4, zorder=0)


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """Sentences of the caption, block by block."""
    ratio = page.section(frame, "ratio")
    factor = str(ratio["group"].iloc[0]) if len(ratio) else "cohort"
    lowest = least(options)
    worst = "" if lowest is None else f"; scores below −{-lowest:g} count as −{-lowest:g}"
    together = distance_statistics.confounded(page.section(frame, "explained"))
    together = f"; {together}" if together else ""
    return (
        "a, share of the variance of each distance between solved networks that a factor explains "
        "given the others (ω² with its 95 % interval, none where a group has fewer than four "
        f"networks; hollow: adjusted p ≥ {intervals.LIMIT:g}{together}). "
        "b, Mantel correlation between distances (cross: not significant). c, fixed points of "
        "solved networks by number of unstable modes (mean ± s.e.m. over networks). d, test loss "
        "and score; one point per network, hollow unless solved. e, mean distance between networks "
        f"of the same {factor} over the mean between others; below 1, networks of the same "
        f"{factor} are alike. f, score of solved networks on the trained task, on unseen "
        "conditions, on trials longer by a factor (×), and with input noise in standard "
        f"deviations of the input (sd; mean ± s.e.m.{worst})."
    )
