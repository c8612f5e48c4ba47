"""Networks cut to lower ranks: score, how many still do the task, and their skeletons."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.scores import least, limit_handle, score_axis
from rnnpipe.figures.selection import cohorts
from rnnpipe.tables.schemas import COHORT, NETWORK
from rnnpipe.tables.schemas.ranks import CHANGE, WEIGHTS

NEEDS = Needs(
    tables=("networks", "ranks", "rank_skeletons"),
    everyone={
        "ranks": ("seed", "cut", "rank", "score", "solved", "least"),
        "rank_skeletons": ("seed", "cut", "rank", "probe", "found", "spurious", "attractors"),
    },
    only="ranks",
)

COLOURS = {WEIGHTS: style.CATEGORIES[0], CHANGE: style.CATEGORIES[1]}
LABELS = {WEIGHTS: "recurrent weights cut", CHANGE: "their change in training cut"}
# Counts of a skeleton, their names and how they are drawn.
COUNTS = {
    "points": ("fixed points", {"ls": "-", "marker": "o", "ms": 2.5}),
    "attractors": ("attractors", {"ls": "--", "marker": "s", "ms": 4.5, "mfc": "none"}),
}
COLUMNS = ["cut", "rank", "score", "share", "networks", *COUNTS]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per cohort, with layers of single networks and of whole cohorts.

    Layer ``score`` has the score of each network by cut and rank, ``mean`` the mean over the
    cohort at ranks at which every network was scored, and the share of its networks that do the
    task from a rank of at most this one on; ``skeleton`` the mean number of fixed points and
    attractors of a network under a probe, at ranks at which every network was searched.
    """
    ranks = tables["ranks"].merge(cohorts(tables["networks"]), on=COHORT)
    scored = ranks[[*NETWORK, "cut", "rank", "score"]].assign(layer="score")
    key = [*COHORT, "cut"]
    means = [
        _mean(own).assign(**dict(zip(key, name, strict=True)), layer="mean")
        for name, own in ranks.groupby(key, sort=False)
    ]
    skeletons = _skeletons(tables["rank_skeletons"], _whole(tables["networks"], ranks))
    return layout.stack(COLUMNS, cohorts(tables["networks"]), scored, *means, skeletons)


def _mean(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean score, and share of networks that do the task, by rank, of one cohort and cut."""
    table = rows.pivot_table(index="seed", columns="rank", values="score", dropna=False)
    # From its full rank on a network is one and the same.
    full = rows.groupby("seed")["rank"].max().to_numpy()
    beyond = table.columns.to_numpy() > full[:, None]
    mean = table.where(~beyond, table.ffill(axis=1)).mean(skipna=False)
    least = rows.loc[rows["least"].astype(bool), "rank"].to_numpy()
    share = [(least <= rank).sum() / len(table) for rank in table.columns]
    return pd.DataFrame(
        {"rank": table.columns, "score": mean.to_numpy(), "share": share, "networks": len(table)}
    )


def _whole(networks: pd.DataFrame, ranks: pd.DataFrame) -> pd.DataFrame:
    """Skeletons of the networks as they are, as rows of every cut at its full rank."""
    full = ranks.groupby([*NETWORK, "cut"], sort=False)["rank"].max().reset_index()
    counts = networks[[*NETWORK, "probe", "found", "spurious", "attractors"]]
    return full.merge(counts.dropna(subset=["found"]), on=NETWORK)


def _skeletons(cut: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Mean counts over networks and probes, by cohort, cut and rank, where all were searched."""
    key = [*COHORT, "cut", "rank"]
    lower = cut.merge(whole[[*NETWORK, "cut", "rank"]].drop_duplicates(), on=[*NETWORK, "cut"])
    lower = lower[lower["rank_x"] < lower["rank_y"]].rename(columns={"rank_x": "rank"})
    rows = pd.concat([lower, whole], ignore_index=True)
    rows["points"] = rows["found"] - rows["spurious"]
    found = rows.groupby(key, sort=False).agg(
        points=("points", "mean"), attractors=("attractors", "mean"), networks=("seed", "nunique")
    )
    every = whole.groupby([*COHORT, "cut"])["seed"].nunique().rename("every")
    found = found.reset_index().merge(every.reset_index(), on=[*COHORT, "cut"])
    found = found[found["networks"] == found["every"]].drop(columns="every")
    return found.assign(layer="skeleton").sort_values(["cut", "rank"], kind="stable")


def scores(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Score by rank, a thin line per network and a thick one for their mean."""
    for cut, colour in COLOURS.items():
        own = rows[rows["cut"] == cut]
        for _, curve in own[own["layer"] == "score"].groupby("seed"):
            ax.plot(curve["rank"], curve["score"], color=colour, lw=0.4, alpha=0.45, zorder=2)
        mean = own[(own["layer"] == "mean") & own["score"].notna()]
        ax.plot(mean["rank"], mean["score"], color=colour, lw=1.4, zorder=3)
    return ax


def shares(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Share of networks whose least rank is at most a rank."""
    for cut, colour in COLOURS.items():
        own = rows[(rows["cut"] == cut) & (rows["layer"] == "mean")]
        ax.step(own["rank"], own["share"], where="post", color=colour, lw=1.2, clip_on=False)
    ax.set(ylim=(0, 1), ylabel="share of networks")
    return ax


def skeletons(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Mean numbers of fixed points and attractors by rank."""
    own = rows[rows["layer"] == "skeleton"]
    if own.empty:
        ax.text(0.5, 0.5, "no skeletons", transform=ax.transAxes, ha="center", color=style.GREY)
    for cut in (cut for cut in COLOURS if (own["cut"] == cut).any()):
        mine = own[own["cut"] == cut]
        for column, (_, look) in COUNTS.items():
            look = {"color": COLOURS[cut], "lw": 0.9, "clip_on": False, **look}
            ax.plot(mine["rank"], mine[column], **look)
    ax.set_ylabel("mean number")
    ax.set_xlabel("rank")
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """A column per cohort: scores, shares, and skeletons below each other."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (42, 30, 34), share_x=True, share_y=True)
    for column, (name, rows) in zip(axes.T, panels, strict=True):
        column[0].set_title(layout.cohort_title(name["model"], name["constraint"]))
        if rows.empty:
            layout.empty(column[0], "no networks were cut")
            for ax in column[1:]:
                ax.set_axis_off()
            continue
        scores(column[0], rows)
        score_axis(column[0], frame["score"], options)
        shares(column[1], rows)
        skeletons(column[2], rows)
    _rank_axis(axes, int(frame["rank"].max()) if frame["rank"].notna().any() else 1)
    most = frame[list(COUNTS)].max().max()
    axes[2, 0].set_ylim(0, 1.05 * most if most > 0 else 1)
    layout.outer_labels(axes, ticks=True)
    figure.align_ylabels(axes[:, 0].tolist())
    cuts = [cut for cut in COLOURS if (frame["cut"] == cut).any()]
    entries = [style.entry(LABELS[cut], color=COLOURS[cut], lw=1.4) for cut in cuts]
    entries.append(limit_handle())
    for label, look in COUNTS.values():
        entries.append(style.entry(label, color=style.GREY, **look))
    layout.legend(figure, entries)
    return figure


def _rank_axis(axes: np.ndarray, highest: int) -> None:
    """Have ranks at equal factors of two, with 0 beside 1; numbers below the last row alone."""
    # Of many powers of two every other one has room for its name.
    powers = int(np.log2(max(highest, 1))) + 1
    ticks = [0, *(2**k for k in range(0, powers, 1 + (powers > 7)))]
    for row, line in enumerate(axes):
        for ax in line:
            ax.set_xscale("symlog", base=2, linthresh=1, linscale=1)
            ax.xaxis.set_major_locator(FixedLocator(ticks))
            ax.xaxis.set_minor_locator(NullLocator())
            ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
            ax.set_xlim(0, 1.1 * max(highest, 1))
            ax.tick_params(labelbottom=row == len(axes) - 1)


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    what = "The recurrent weights of networks (blue)"
    both = (frame["cut"] == CHANGE).any()
    lowest = least(options)
    beyond = lowest is not None and (frame["score"] < lowest).any()
    if both:
        what += ", or what training has added to them (orange),"
    return (
        f"{what} are cut to their leading singular vectors, as many as the rank says; nothing is "
        "trained again. Top: score on test trials, thin of each network and thick the mean, "
        "dashed the limit for solved. Middle: share of the networks that do the task at a rank "
        "and at every higher one. Bottom: mean number of fixed points and of attractors of a "
        "network under a probe, at ranks at which all networks were searched; at the highest "
        "rank nothing is cut." + (" Scores below −1 lie beyond the axis." if beyond else "")
    )
