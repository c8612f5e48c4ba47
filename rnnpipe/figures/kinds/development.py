"""How the skeleton of a network arises: loss, points by unstable modes, readouts over steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from rnnpipe.dynamics.classes import FIXED
from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import bifurcations, steps
from rnnpipe.figures.panels.lifelines import lifelines
from rnnpipe.figures.projection import project
from rnnpipe.figures.selection import examples, network_rows, rows_of
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(
    tables=(
        "networks",
        "history",
        "components",
        "development",
        "development_points",
        "development_attractors",
        "development_events",
    ),
    only="development",
)

# With more readouts than this, the first principal component is drawn instead.
MOST_READOUTS = 3
# Each readout is drawn so many times smaller than the one before, so that points with different
# readouts lie apart on one axis.
SMALLER = 3
# Largest count whose axis is even.
_MANY = 60
COLUMNS = ["step", "loss", "test_loss", "points", "unstable", "identity", "kind", "height"]
COLUMNS += ["low", "high", "event"]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather losses, numbers of points and the lives of points and of moving attractors.

    Layers: ``loss`` of every step, ``kept`` of steps whose weights were kept, ``count`` of points
    by unstable modes, ``point`` and ``moving`` with their height, a combination of the readouts.
    """
    chosen = examples(tables["networks"], options.examples)
    own = {name: rows_of(table, chosen) for name, table in tables.items() if name != "networks"}
    for name in ("development", "development_points", "development_attractors"):
        own[name] = own[name][own[name]["probe"] == options.probe]
    placed = _with_heights(own["development_points"], own["components"], options, ("readout",))
    moving = own["development_attractors"]
    moving = _with_heights(
        moving[moving["kind"] != FIXED],
        own["components"],
        options,
        ("readout", "readout_low", "readout_high"),
    )
    events = own["development_events"]
    events = events[events["probe"] == options.probe]
    return layout.stack(
        COLUMNS,
        chosen,
        own["history"].assign(layer="loss"),
        own["development"][[*NETWORK, "step", "test_loss"]].assign(layer="kept"),
        _counts(placed).assign(layer="count"),
        lifelines(placed, events, ["height"], "point").assign(layer="point"),
        lifelines(moving, events, ["height", "low", "high"], "attractor").assign(layer="moving"),
    )


def _counts(placed: pd.DataFrame) -> pd.DataFrame:
    """Points of each step by unstable modes; 0 at steps that have none of an order that occurs."""
    counted = placed.groupby([*NETWORK, "step", "unstable"], sort=True).size().rename("points")
    frames = []
    for key, own in counted.groupby(level=NETWORK, sort=False):
        table = own.droplevel(NETWORK).unstack(fill_value=0).stack().rename("points")
        frames.append(table.reset_index().assign(**dict(zip(NETWORK, key, strict=True))))
    return pd.concat(frames) if frames else pd.DataFrame(columns=[*NETWORK, "step", "unstable"])


def _with_heights(
    rows: pd.DataFrame,
    components: pd.DataFrame,
    options: FigureOptions,
    readouts: tuple[str, ...],
) -> pd.DataFrame:
    """Replace states and readouts by heights on one axis, named ``height``, ``low``, ``high``."""
    names = ("height", "low", "high")[: len(readouts)]
    lists = ["state", *readouts]
    if rows.empty:
        return rows.drop(columns=lists).assign(**dict.fromkeys(names, np.nan))
    frames = []
    for key, own in rows.groupby(NETWORK, sort=False):
        if options.outputs > MOST_READOUTS:
            places = project(matrix(own["state"]), network_rows(components, key), 1)[:, 0]
            heights = [places] * len(names)
        else:
            shares = 1.0 / SMALLER ** np.arange(options.outputs)
            heights = [matrix(own[name]) @ shares for name in readouts]
        frames.append(own.drop(columns=lists).assign(**dict(zip(names, heights, strict=True))))
    return pd.concat(frames, ignore_index=True)


def loss_panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Training loss of every step (thin), test loss at kept steps (dots)."""
    every, kept = (rows[rows["layer"] == name].sort_values("step") for name in ("loss", "kept"))
    usable = every[np.isfinite(every["loss"]) & (every["loss"] > 0)]
    ax.plot(usable["step"], usable["loss"], color=style.GREY, lw=0.5, alpha=0.6, rasterized=True)
    kept = kept[kept["test_loss"] > 0]
    ax.plot(kept["step"], kept["test_loss"], "o-", color=style.INK, ms=2.4, lw=0.9)
    ax.set_yscale("log")
    ax.set_ylabel("loss")
    return ax


def counts_panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Points of each number of unstable modes at the kept steps."""
    counts = rows[rows["layer"] == "count"]
    if counts.empty:
        return layout.empty(ax, "no points")
    for order, own in counts.groupby("unstable"):
        own = own.sort_values("step")
        colour = style.unstable_colour(int(order))
        look = {"color": colour, "ms": 2.6, "mew": 0, "lw": 0.9, "clip_on": False}
        ax.plot(own["step"], own["points"], "o-", **look)
    ax.set_ylabel("fixed points")
    return ax


def _count_axis(ax: Axes, most: float) -> None:
    """Have the axis that all panels share hold the largest count of any."""
    # Slow regions hold hundreds of points where memories are a few.
    if most > _MANY:
        ax.set_yscale("symlog", linthresh=1)
    else:
        ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.set_ylim(0, 1.06 * max(most, 1))


def lives_panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """World lines of points, coloured by unstable modes; bands of attractors that move."""
    lives = rows[rows["layer"] == "point"]
    for _, own in rows[rows["layer"] == "moving"].groupby(["identity", "kind"], sort=False):
        own = own.sort_values("step")
        colour = style.KIND_COLOURS[str(own["kind"].iloc[0])]
        x, low, high = (own[name].to_numpy(float) for name in ("step", "low", "high"))
        # What is seen at one step alone would have no width.
        ax.vlines(x, low, high, color=colour, lw=0.8, alpha=0.5, zorder=1)
        ax.fill_between(x, low, high, color=colour, alpha=0.18, lw=0, zorder=1)
    for order in sorted(lives["unstable"].dropna().unique(), reverse=True):
        pieces = _pieces(lives, order)
        # Stable ones lie on top.
        look = {"colors": style.unstable_colour(int(order)), "lw": 0.8, "zorder": 4 - min(order, 3)}
        ax.add_collection(LineCollection(pieces, **look))
        dots = lives[(lives["unstable"] == order) & lives["event"].isna()]
        ax.plot(
            dots["step"],
            dots["height"],
            "o",
            color=style.unstable_colour(int(order)),
            ms=1.6,
            mew=0,
            zorder=4 - min(order, 3),
        )
    events = lives.drop_duplicates(["step", "height", "event"])
    bifurcations.scatter(ax, events, "step", "height", 7)
    ax.autoscale_view()
    return ax


def _pieces(lives: pd.DataFrame, order: float) -> list[np.ndarray]:
    """Lines, (2, 2) each, between the states of a life, that begin with so many unstable modes."""
    pieces = []
    for _, own in lives.groupby("identity", sort=False):
        own = own.sort_values("step", kind="stable")
        places = own[["step", "height"]].to_numpy(float)
        begins = own["unstable"].to_numpy()[:-1] == order
        pieces += list(np.stack([places[:-1], places[1:]], axis=1)[begins])
    return pieces


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """A column per example network: loss, points by unstable modes, world lines."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (30, 32, 62), share_y=True)
    first, last = steps.first_of(_kept(frame)), frame["step"].max()
    drawn = layout.filled_panels(axes, panels, "no weights were kept", "kept")
    for (loss, counts, lives), rows in drawn:
        loss_panel(loss, rows)
        counts_panel(counts, rows)
        lives_panel(lives, rows).set_ylabel(_height(options))
        for ax in (loss, counts, lives):
            steps.step_axis(ax, first, float(last))
            if ax is not lives:
                ax.set_xlabel("")
                ax.tick_params(labelbottom=False)
    most = frame["points"].max()
    _count_axis(axes[1, 0], float(most) if pd.notna(most) else 1.0)
    layout.outer_labels(axes, ticks=True)
    layout.legend(figure, handles(frame))
    return figure


def _kept(frame: pd.DataFrame) -> pd.Series:
    return frame.loc[frame["layer"] == "kept", "step"]


def _height(options: FigureOptions) -> str:
    """Name of what the world lines show."""
    if options.outputs > MOST_READOUTS:
        return "PC 1 (activity)"
    if options.outputs == 1:
        return "readout"
    return f"readouts joined, {_joined(options.outputs)}"


def _joined(outputs: int) -> str:
    """Sum of the readouts that gives points with different readouts different heights."""
    names = ("y₁", "y₂", "y₃")[:outputs]
    return " + ".join(f"{name}/{SMALLER**i}" if i else name for i, name in enumerate(names))


def _place(options: FigureOptions) -> str:
    """What the height of a world line is, for the caption."""
    if options.outputs > MOST_READOUTS:
        return "its place along the first principal component of the trained network"
    if options.outputs == 1:
        return "its readout"
    return (
        f"its readouts y, each {SMALLER} times smaller than the one before and then added "
        f"({_joined(options.outputs)}), so that points with different readouts lie apart"
    )


def handles(frame: pd.DataFrame) -> list[Line2D]:
    """Legend entries of what occurs."""
    entries = [style.entry("training loss", color=style.GREY, lw=0.5)]
    entries.append(style.entry("test loss, at kept steps", color=style.INK, marker="o", ls="-"))
    lives = frame[frame["layer"] == "point"]
    entries += style.unstable_handles(lives["unstable"].dropna())
    moving = frame.loc[frame["layer"] == "moving", "kind"]
    entries += [
        style.entry(kind, color=colour, alpha=0.4, lw=4)
        for kind, colour in style.KIND_COLOURS.items()
        if (moving == kind).any()
    ]
    return entries + bifurcations.handles(lives["event"])


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    events = frame[(frame["layer"] == "point") & frame["event"].notna()]
    dated = (
        " A life begins, or ends, where the point meets the other of its pair in weights that are "
        "interpolated between two kept steps (markers)."
        if len(events)
        else ""
    )
    moving = (
        " Bands: from the smallest to the largest readout along attractors that move."
        if (frame["layer"] == "moving").any()
        else ""
    )
    return (
        f"Skeletons over training, under the probe “{options.probe}”. Above: loss. Middle: fixed "
        f"points by the number of their unstable modes. Below: every fixed point from its birth "
        f"to its death, coloured by its unstable modes, at {_place(options)}.{dated}{moving} "
        f"{steps.described(steps.first_of(_kept(frame)))} {EXAMPLES}"
    )
