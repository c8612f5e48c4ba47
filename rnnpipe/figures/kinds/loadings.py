"""Loadings of networks of low rank, populations of their units, and networks drawn from these."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions, with_unit
from rnnpipe.figures.panels import loadings
from rnnpipe.figures.panels.scores import LEAST_R2
from rnnpipe.figures.selection import examples, network_rows, per_network
from rnnpipe.tables.schemas import COHORT, NETWORK

NEEDS = Needs(
    tables=("networks", "loadings", "overlaps", "mixtures", "resampled"),
    everyone={
        "mixtures": ("seed", "populations", "bic", "best", "vectors"),
        "resampled": ("seed", "populations", "times", "draw", "units", "score"),
    },
    only="low_rank",
)

CRITERION, DRAWN = "criterion", "drawn"
COLUMNS = [*loadings.COLUMNS, "network", "populations", "units"]
_SHADES = ("#B5B5B5", style.INK, "#7B2D8E")


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per cohort: loadings of an example network, populations of all networks.

    Layers: ``unit`` (a value per unit and vector), ``pair`` (a correlation), ``population`` (a
    covariance), ``criterion`` (BIC beyond that of one population, by network and number of
    populations) and ``drawn`` (the median score of networks drawn, by their units as well).
    """
    mixtures, drawn = tables["mixtures"], tables["resampled"]
    known = mixtures[NETWORK].drop_duplicates()
    networks = per_network(tables["networks"]).merge(known[COHORT].drop_duplicates(), on=COHORT)
    chosen = examples(networks, 1)
    layers = []
    for one in chosen[NETWORK].values:
        key = tuple(one)
        units = network_rows(tables["loadings"], key)
        own = mixtures[(mixtures[COHORT] == list(key[:2])).all(axis=1)]
        again = drawn[(drawn[COHORT] == list(key[:2])).all(axis=1)]
        if units.empty:
            continue
        best = network_rows(own, key)
        parts = [
            loadings.unit_rows(units),
            loadings.pair_rows(network_rows(tables["overlaps"], key)),
            loadings.population_rows(best[best["best"]].iloc[0]),
            _criterion(own),
            _drawn(again),
        ]
        layers += [part.assign(**dict(zip(NETWORK, key, strict=True))) for part in parts]
    return layout.stack(COLUMNS, chosen, *layers)


def _criterion(mixtures: pd.DataFrame) -> pd.DataFrame:
    """BIC of the networks of a cohort, less that of one population."""
    one = mixtures[mixtures["populations"] == 1].set_index("seed")["bic"]
    return pd.DataFrame(
        {
            "network": mixtures["seed"],
            "populations": mixtures["populations"],
            "value": mixtures["bic"] - mixtures["seed"].map(one),
            "layer": CRITERION,
        }
    )


def _drawn(resampled: pd.DataFrame) -> pd.DataFrame:
    """Median scores of the networks drawn from each mixture of the networks of a cohort."""
    scores = resampled.assign(score=resampled["score"].fillna(-np.inf))
    medians = scores.groupby(["seed", "populations", "units"])["score"].median().reset_index()
    return medians.rename(columns={"seed": "network", "score": "value"}).assign(layer=DRAWN)


def criterion_panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """A line per network; its least value, which is best, is filled."""
    ax.axhline(0, color=style.PALE, lw=0.6, zorder=0)
    for _, own in rows.groupby("network", sort=True):
        ax.plot(own["populations"], own["value"], color=style.GREY, lw=0.7)
        least = (own["value"] == own["value"].min()).to_numpy()
        style.marks(ax, own["populations"], own["value"], style.INK, least, s=9)
    ax.set(xlabel="Gaussian populations", ylabel="BIC − BIC of one")
    ax.set_xticks(sorted(rows["populations"].unique()))
    return ax


def drawn_panel(ax: Axes, rows: pd.DataFrame, options: FigureOptions) -> Axes:
    """Scores of networks drawn, a mark per network that was fitted, apart by number of units."""
    sizes = sorted(rows["units"].unique())
    for place, units in enumerate(sizes):
        own = rows[rows["units"] == units]
        x = own["populations"] + 0.16 * (place - (len(sizes) - 1) / 2)
        y = own["value"].clip(lower=LEAST_R2)
        ax.scatter(x, y, s=9, lw=0, color=_SHADES[place % len(_SHADES)], alpha=0.8, zorder=3)
        middle = y.groupby(own["populations"]).median()
        ax.plot(middle.index, middle, color=_SHADES[place % len(_SHADES)], lw=0.9)
    ax.axhline(options.solved, color=style.GREY, ls=style.DASHED, lw=0.7, zorder=0)
    name = with_unit(options.score_name, options.score_unit)
    ax.set(xlabel="Gaussian populations", ylabel=f"{name}, drawn")
    ax.set_xticks(sorted(rows["populations"].unique()))
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Loadings above, then the criterion, then networks drawn: one column per cohort."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (66, 40, 40), square=True)
    again = frame[frame["layer"] == DRAWN]
    sizes = sorted(again["units"].dropna().unique())
    handles = [
        style.entry(f"drawn with {units:.0f} units", "o", color=_SHADES[i % len(_SHADES)])
        for i, units in enumerate(sizes)
    ]
    count = (
        int(frame.loc[frame["layer"] == loadings.UNIT, "population"].max()) + 1 if handles else 0
    )
    populations = [
        style.entry(f"population {i + 1}", "o", color=style.CATEGORIES[i % len(style.CATEGORIES)])
        for i in range(count)
    ]
    layout.legend(figure, [*populations, *handles])
    note = "no network of low rank"
    if not panels:
        layout.empty(axes[0, 0], note)
        for ax in axes[1:, 0]:
            ax.set_axis_off()
    filled = layout.filled_panels(axes[:, : len(panels)], panels, note, loadings.UNIT)
    for (top, middle, bottom), rows in filled:
        loadings.panel(top, rows)
        criterion_panel(middle, rows[rows["layer"] == CRITERION])
        drawn_panel(bottom, rows[rows["layer"] == DRAWN], options)
    layout.outer_labels(axes)
    if handles:
        source = ScalarMappable(Normalize(-1, 1), style.DIVERGING)
        layout.colourbar(figure, source, axes[:1], "correlation over units")
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    again = frame[frame["layer"] == DRAWN]
    text = (
        "Loadings of networks of low rank: of an example of each cohort, every unit in the plane "
        "of each two of the vectors m, n, input (I), output (w), bias (b) and initial state (r) "
        "that vary, scaled to their largest entries, with the Gaussian populations of the best "
        "mixture (outlines: two standard deviations); above the diagonal the correlations of the "
        "vectors over units. "
        "Below, of all networks, the Bayesian information criterion by the number of populations "
        "(filled: least, best), and the median score of networks whose units are drawn from the "
        "mixture, without any training (line: median over networks; dashed: solved)."
    )
    if (again["value"] < LEAST_R2).any():
        least = f"{LEAST_R2:g}".replace("-", "−")
        text += f" Scores below {least} are drawn at {least}."
    return text
