"""How context-dependent integrators select a stream: eigenvalues, few modes, and alignment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullFormatter

from rnnpipe.dynamics.classes import growing
from rnnpipe.figures import layout, style
from rnnpipe.figures.factors import SHOWN, Looks, scatter
from rnnpipe.figures.panels import means
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import NETWORK, POINT
from rnnpipe.tasks.context import cued_stream

LEADING = 15
# Errors below this are rounding: with all modes there is none.
LOWEST = 1e-4


def cued_streams(probes: Iterable[str]) -> dict[str, int]:
    """Number of the stream (from 0) that each probe cues, by the number at the end of its name.

    Probes without a number are counted in the order of their names.
    """
    names = sorted({str(probe) for probe in probes})
    cued = {name: cued_stream(name) for name in names}
    return {name: place if cued[name] is None else cued[name] for place, name in enumerate(names)}


def leading(modes: pd.DataFrame, most: int, unstable: bool = False) -> pd.DataFrame:
    """Select the modes of largest modulus at every point, and if wanted all unstable ones."""
    modulus = np.hypot(modes["re"].astype(float), modes["im"].astype(float))
    rank = modulus.groupby([modes[name] for name in POINT]).rank(method="first", ascending=False)
    return modes[(rank <= most) | (unstable & growing(modulus))]


def moduli(modes: pd.DataFrame, solved: pd.DataFrame) -> pd.DataFrame:
    """Mean modulus of the leading eigenvalues by cell and rank (x).

    First over the points of a network, then over networks.
    """
    rows = modes.merge(solved[[*NETWORK, "cell"]], on=NETWORK)
    rows = rows.assign(modulus=np.hypot(rows["re"].astype(float), rows["im"].astype(float)))
    rank = rows.groupby(POINT)["modulus"].rank(method="first", ascending=False)
    rows = rows.assign(x=rank.astype(int))
    return means.summarise(rows[rows["x"] <= LEADING], ["cell", "x"], "modulus")


def reduction(reduced: pd.DataFrame, solved: pd.DataFrame) -> pd.DataFrame:
    """Mean error of the response by cell, number of modes kept (x), and cued or uncued stream."""
    rows = reduced.merge(solved[[*NETWORK, "cell"]], on=NETWORK)
    ends = rows["channel"].astype(str).str.extract(r"^stream(\d+)$")[0]
    rows = rows[ends.notna()].assign(stream=ends.dropna().astype(int) - 1)
    cued = rows["stream"] == rows["probe"].astype(str).map(cued_streams(rows["probe"]))
    rows = rows.assign(stream=np.where(cued, "cued", "uncued"), x=rows["kept"].astype(int))
    return means.summarise(rows, ["stream", "cell", "x"], "error")


def selection(responses: pd.DataFrame, solved: pd.DataFrame) -> pd.DataFrame:
    """Alignment of each network's leading mode with both streams, by probe.

    The leading mode has the largest modulus at a point; its alignment |l* b| / (|l| |b|) with
    the input vector b of a stream is averaged over points.

    Returns
    -------
    Columns model, constraint, seed, cell, activation, probe, cued, uncued.
    """
    columns = [*NETWORK, *SHOWN, "probe"]
    rows = responses.merge(solved[[*NETWORK, *SHOWN]], on=NETWORK)
    if rows.empty:
        return pd.DataFrame(columns=[*columns, "cued", "uncued"])
    modulus = np.hypot(rows["re"].astype(float), rows["im"].astype(float))
    rows = rows.assign(modulus=modulus).sort_values("modulus", ascending=False, kind="stable")
    rows = rows.drop_duplicates(POINT)
    streams = matrix(rows["input_alignment"])[:, :2]
    cued = rows["probe"].map(cued_streams(rows["probe"])).to_numpy(int)
    every = np.arange(len(rows))
    rows = rows.assign(cued=streams[every, cued], uncued=streams[every, 1 - cued])
    return rows.groupby(columns)[["cued", "uncued"]].mean().reset_index()


def moduli_panel(ax: Axes, rows: pd.DataFrame, colours: Mapping[str, str]) -> Axes:
    """Moduli by rank, a line per cell; at 1 a mode neither grows nor decays."""
    if rows.empty:
        return layout.empty(ax, "no solved networks")
    ax.axhline(1, color=style.GREY, lw=0.7, ls=style.DASHED, zorder=0)
    means.panel(ax, rows, colours)
    ax.set(xlabel="mode", ylabel="|λ|")
    ax.set_ylim(0, 1.05 * max(1.0, float((rows["mean"] + rows["sem"].fillna(0)).max())))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


def reduction_panel(ax: Axes, rows: pd.DataFrame, colours: Mapping[str, str]) -> Axes:
    """Error against the number of modes kept, of one stream."""
    if rows.empty:
        return layout.empty(ax, "no reduced responses")
    means.panel(ax, rows, colours)
    ax.set(xscale="log", xlabel="modes kept", ylabel="relative error of the response")
    ax.set_yscale("log")
    ax.yaxis.set_minor_formatter(NullFormatter())
    shown = [kept for kept in (1, 2, 5, 10, 20, 50, 100, 200) if kept <= rows["x"].max()]
    ax.set_xticks(shown, [str(k) for k in shown], minor=False)
    ax.tick_params(axis="x", which="minor", length=0, labelbottom=False)
    return ax


def selection_panel(ax: Axes, rows: pd.DataFrame, looks: Looks, top: float) -> Axes:
    """One point per network: alignment with the cued against the uncued stream."""
    if rows.empty:
        return layout.empty(ax, "no leading modes", square=True)
    ax.plot([0, top], [0, top], color=style.GREY, lw=0.7, ls=style.DASHED, zorder=1)
    scatter(ax, rows, "uncued", "cued", looks, s=12, edgecolors="white", linewidths=0.4)
    ax.set(xlim=(0, top), ylim=(0, top), aspect="equal")
    ax.set(xlabel="with the uncued stream", ylabel="with the cued stream")
    return ax
