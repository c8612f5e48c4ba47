"""How many fixed points networks have, by number of unstable modes."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.selection import cohorts, of_probe, status
from rnnpipe.tables.schemas import MOST_UNSTABLE, NETWORK, UNSTABLE

NEEDS = Needs(tables=("networks",))

COLUMNS = ["unstable", "count", "longest_period"]

# Distance of the column of cycles from the column of the most unstable points.
_APART = 1.3
_EXPECTED = {"color": style.GREY, "lw": 0.9, "ls": (0, (2, 1))}


def expected(bits: int) -> dict[int, int]:
    """Fixed points of an ideal flip-flop by unstable modes: C(K, k) 2^(K - k) for k = 0 ... K.

    One for each point of {-1, 0, 1}^K, unstable along its zeros (Sussillo & Barak 2013).
    """
    return {k: comb(bits, k) * 2 ** (bits - k) for k in range(bits + 1)}


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per cohort, its expected counts, and each network's counts of points.

    Up to the largest number of unstable modes that any network has.

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
    cycles = networks[[*NETWORK, "cycles", "longest_period"]].assign(status=status(networks))
    cycles = cycles.rename(columns={"cycles": "count"}).assign(layer="cycle")
    if not (cycles["count"] > 0).any():
        cycles = cycles.head(0)
    return layout.stack(
        COLUMNS, cohorts(networks), reference.assign(layer="expected"), counts, cycles
    )


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


def cycle_column(ax: Axes, cycles: pd.DataFrame, last: int) -> Axes:
    """Numbers of cycles in a column of their own, right of the counts of fixed points."""
    cycles = cycles.sort_values("seed")
    solved = (cycles["status"] == "solved").to_numpy()
    x = last + _APART + jitter(cycles["seed"].to_numpy())
    style.marks(ax, x, cycles["count"], style.GREY, solved, marker="s", s=11, clip_on=False)
    ax.set_xticks([*range(last + 1), last + _APART], [*map(str, range(last + 1)), "cycles"])
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """One panel per cohort, all with the same axes."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (46,), share_y=True)
    data = frame[frame["layer"] != "panel"]
    last = int(data["unstable"].max()) if data["unstable"].notna().any() else 0
    has_cycles = (frame["layer"] == "cycle").any()
    for ax, (name, rows) in zip(axes[0], panels, strict=True):
        panel(ax, rows[rows["layer"] == "count"], rows[rows["layer"] == "expected"])
        if has_cycles:
            cycle_column(ax, rows[rows["layer"] == "cycle"], last)
        ax.set_xlim(-0.6, last + 0.6 + _APART * has_cycles)
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
        label = f"expected for {options.bits} bits"
        entries.append(style.entry(label, **_EXPECTED))
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
    cycles = frame[frame["layer"] == "cycle"]
    if len(cycles):
        longest = int(cycles["longest_period"].max())
        text += (
            f" Squares count attracting cycles, {int(cycles['count'].sum())} in "
            f"{int((cycles['count'] > 0).sum())} networks, of period up to {longest}."
        )
    if options.bits:
        text += (
            " Dashed: C(K, k) 2^(K - k) points with k unstable modes, those of an ideal flip-flop "
            f"with K = {options.bits} bits."
        )
    return text
