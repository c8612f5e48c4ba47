"""How many fixed points networks have, by number of unstable modes, and attractors that move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.attractors import MOVING, handles, named
from rnnpipe.figures.selection import cohorts, of_probe, status
from rnnpipe.jobs.plain_text import count
from rnnpipe.tables.schemas import ATTRACTORS, MOST_UNSTABLE, NETWORK, UNSTABLE

NEEDS = Needs(tables=("networks",))

COLUMNS = ["unstable", "kind", "count"]

# Distance of the columns of attractors that move from the column of the most unstable points.
_APART = 1.3
_EXPECTED = {"color": style.GREY, "lw": 0.9, "ls": (0, (2, 1))}


def expected(bits: int) -> dict[int, int]:
    """Fixed points of an ideal flip-flop by unstable modes: C(K, k) 2^(K - k) for k = 0 ... K.

    One for each point of {-1, 0, 1}^K, unstable along its zeros (Sussillo & Barak 2013).
    """
    return {k: comb(bits, k) * 2 ** (bits - k) for k in range(bits + 1)}


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per cohort, its expected counts, and each network's counts of points.

    Up to the largest number of unstable modes that any network has. Of each kind of attractor
    that is no point and that any network has, every network has its count.

    Raises
    ------
    ValueError
        If the table of networks holds no column ``unstable_0``, ``unstable_1``, ...
    """
    networks = of_probe(tables["networks"], options.probe)
    columns = {name: k for k, name in enumerate(UNSTABLE) if name in networks}
    if not columns:
        raise ValueError("the table of networks has no counts of fixed points: no unstable_0, ...")
    counts = networks[NETWORK].assign(status=status(networks)).join(networks[list(columns)])
    counts = counts.melt([*NETWORK, "status"], var_name="unstable", value_name="count")
    counts = counts.dropna(subset="count").assign(unstable=lambda c: c["unstable"].map(columns))
    searched = counts.groupby(NETWORK)["count"].transform("sum") > 0
    counts = counts[searched].assign(layer="count")
    ideal = expected(options.bits) if options.bits else {}
    reference = cohorts(networks).merge(
        pd.DataFrame({"unstable": list(ideal), "count": list(ideal.values())}), how="cross"
    )
    reference = reference[reference["unstable"] <= MOST_UNSTABLE]
    occupied = pd.concat([counts[counts["count"] > 0], reference])["unstable"].max()
    counts = counts[counts["unstable"] <= occupied]
    moving = _moving(networks).assign(layer="attractor")
    return layout.stack(
        COLUMNS, cohorts(networks), reference.assign(layer="expected"), counts, moving
    )


def _moving(networks: pd.DataFrame) -> pd.DataFrame:
    """Count the attractors of each kind that is no point and that any network has."""
    columns = {ATTRACTORS[kind]: kind for kind in MOVING}
    rows = networks[NETWORK].assign(status=status(networks)).join(networks[list(columns)])
    rows = rows.melt([*NETWORK, "status"], var_name="kind", value_name="count")
    rows = rows.dropna(subset="count").assign(kind=rows["kind"].map(columns))
    return rows[rows.groupby("kind")["count"].transform("max") > 0]


def jitter(seeds: np.ndarray) -> np.ndarray:
    """Horizontal offsets in ±0.25, spread evenly over the seeds: no randomness."""
    return 0.25 * (np.linspace(-1, 1, len(seeds)) if len(seeds) > 1 else np.zeros(1))


def panel(ax: Axes, counts: pd.DataFrame, reference: pd.DataFrame) -> Axes:
    """Counts of one cohort: a point per network, hollow unless solved; the mean as a bar."""
    if counts.empty:
        return layout.empty(ax, "no fixed points")
    ax.hlines(
        reference["count"],
        reference["unstable"] - 0.42,
        reference["unstable"] + 0.42,
        zorder=1,
        **_EXPECTED,
    )
    for unstable, group in counts.groupby("unstable"):
        colour = style.unstable_colour(int(unstable))
        group = group.sort_values("seed")
        x = unstable + jitter(group["seed"].to_numpy())
        solved = (group["status"] == "solved").to_numpy()
        style.marks(ax, x, group["count"], colour, solved, s=11, clip_on=False)
        mean = group["count"].mean()
        ax.hlines(mean, unstable - 0.34, unstable + 0.34, color=style.INK, lw=1.2, zorder=2)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("unstable modes")
    ax.set_ylabel("fixed points")
    return ax


def moving_columns(ax: Axes, counts: pd.DataFrame, kinds: Sequence[str], last: int) -> Axes:
    """Numbers of attractors of each of some kinds, in columns right of those of fixed points."""
    for place, kind in enumerate(kinds):
        own = counts[counts["kind"] == kind].sort_values("seed")
        if own.empty:
            continue
        x = last + _APART + place + jitter(own["seed"].to_numpy())
        solved, colour = (own["status"] == "solved").to_numpy(), style.KIND_COLOURS[kind]
        look = {"marker": style.KIND_MARKERS[kind], "s": 15, "clip_on": False}
        style.marks(ax, x, own["count"], colour, solved, **look)
    ax.set_xticks(range(last + 1))
    ax.set_ylabel("number")
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """One panel per cohort, all with the same axes."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (46,), share_y=True)
    data = frame[frame["layer"] != "panel"]
    last = int(data["unstable"].max()) if data["unstable"].notna().any() else 0
    moving = frame[frame["layer"] == "attractor"]
    kinds = [kind for kind in MOVING if (moving["kind"] == kind).any()]
    for ax, (name, rows) in zip(axes[0], panels, strict=True):
        panel(ax, rows[rows["layer"] == "count"], rows[rows["layer"] == "expected"])
        if kinds and ax.axison:
            moving_columns(ax, rows[rows["layer"] == "attractor"], kinds, last)
        ax.set_xlim(-0.6, last + 0.6 + (_APART + len(kinds) - 1 if kinds else 0))
        ax.set_title(layout.cohort_title(name["model"], name["constraint"]))
    top = data["count"].max() if len(data) else 1.0
    axes[0, 0].set_ylim(-0.03 * top, 1.06 * top)
    layout.outer_labels(axes, ticks=True)
    entries = [
        style.entry("solved network", "o", ms=3.5, color=style.INK),
        style.entry("not solved", "o", ms=3.5, mfc="white", mec=style.INK),
        style.entry("mean", color=style.INK, lw=1.2),
    ]
    if (frame["layer"] == "expected").any():
        label = f"expected for {count(options.bits, 'bit')}"
        entries.append(style.entry(label, **_EXPECTED))
    entries += handles(moving[moving["count"] > 0], marked=True)
    layout.legend(figure, entries)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    text = (
        f"Fixed points under the probe “{options.probe}” by number of unstable modes; one point "
        "per network, the bar is the mean over the cohort. Marginal points, with a mode that "
        "neither grows nor decays, are left out."
    )
    data = frame[frame["layer"] == "count"]
    if len(data) and data["unstable"].max() >= MOST_UNSTABLE:
        text += f" The last position counts points with {MOST_UNSTABLE} unstable modes or more."
    moving = frame[(frame["layer"] == "attractor") & (frame["count"] > 0)]
    if len(moving):
        text += f" On the right, attractors that are no points: {_listed(moving)}."
    if options.bits:
        text += (
            " Dashed: C(K, k) 2^(K - k) points with k unstable modes, those of an ideal flip-flop "
            f"with K = {count(options.bits, 'bit')}."
        )
    return text


def _listed(moving: pd.DataFrame) -> str:
    """Count the attractors of each kind and their networks."""
    parts = []
    for kind in (kind for kind in MOVING if (moving["kind"] == kind).any()):
        own = moving[moving["kind"] == kind]
        parts.append(f"{named(kind, int(own['count'].sum()))} in {count(len(own), 'network')}")
    return ", ".join(parts)
