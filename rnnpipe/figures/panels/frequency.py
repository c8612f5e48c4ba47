"""Frequency of the linearised dynamics at a fixed point against the target frequency."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.figures import layout, style
from rnnpipe.figures.factors import SHOWN, Looks, scatter
from rnnpipe.tables.schemas import NETWORK

COLUMNS = [*NETWORK, *SHOWN, "probe", "target", "frequency"]


def prepare(
    stability: pd.DataFrame, networks: pd.DataFrame, targets: Mapping[str, float]
) -> pd.DataFrame:
    """Frequency of the leading mode of each network's most unstable point under each probe.

    Parameters
    ----------
    stability
        Columns model, constraint, seed, probe, unstable, spectral_radius, frequency (cycles per
        step, of the mode of largest modulus).
    networks
        Networks wanted: model, constraint, seed, cell, activation.
    targets
        Target frequency of each probe, radians per step.

    Returns
    -------
    COLUMNS; target and frequency in radians per step.
    """
    rows = stability[(stability["unstable"] > 0) & stability["probe"].isin(list(targets))]
    rows = rows.merge(networks[[*NETWORK, *SHOWN]], on=NETWORK)
    rows = rows.sort_values("spectral_radius", ascending=False, kind="stable")
    rows = rows.drop_duplicates([*NETWORK, "probe"])
    rows = rows.assign(
        target=rows["probe"].map(dict(targets)),
        frequency=2 * np.pi * rows["frequency"].astype(float),
    )
    return rows.sort_values([*NETWORK, "target"])[COLUMNS].reset_index(drop=True)


def panel(ax: Axes, rows: pd.DataFrame, looks: Looks, top: float) -> Axes:
    """A point per network and probe, the line of equal frequencies, and the correlation.

    Parameters
    ----------
    ax
        Where to draw.
    rows
        Of ``prepare``, of one cell.
    looks
        Colours of cells, markers of activations.
    top
        End of both axes, radians per step.
    """
    if rows.empty:
        return layout.empty(ax, "no unstable points", square=True)
    ax.plot([0, top], [0, top], color=style.GREY, lw=0.7, ls=style.DASHED, zorder=1)
    scatter(ax, rows, "target", "frequency", looks, s=9, linewidths=0, alpha=0.75)
    places = rows[["target", "frequency"]].to_numpy(float)
    if len(places) > 2 and (np.ptp(places, axis=0) > 0).all():
        r = np.corrcoef(places.T)[0, 1]
        ax.text(0.05, 0.95, f"r = {r:.3f}", transform=ax.transAxes, ha="left", va="top")
    ax.set(xlim=(0, top), ylim=(0, top), aspect="equal")
    return ax
