"""Frequency of the linearised dynamics and of the limit cycle against the target frequency."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.dynamics.classes import LIMIT_CYCLE
from rnnpipe.figures import layout, style
from rnnpipe.figures.factors import SHOWN, Looks, scatter
from rnnpipe.tables.schemas import NETWORK

COLUMNS = [*NETWORK, *SHOWN, "probe", "source", "target", "frequency"]
MODE, TURN = "mode", "limit cycle"


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
    COLUMNS; target and frequency in radians per step; the source is ``mode``.
    """
    rows = stability[(stability["unstable"] > 0) & stability["probe"].isin(list(targets))]
    rows = rows.merge(networks[[*NETWORK, *SHOWN]], on=NETWORK)
    rows = rows.sort_values("spectral_radius", ascending=False, kind="stable")
    rows = rows.drop_duplicates([*NETWORK, "probe"])
    rows = rows.assign(source=MODE, target=rows["probe"].map(dict(targets)))
    rows = rows.assign(frequency=2 * np.pi * rows["frequency"].astype(float))
    return rows.sort_values([*NETWORK, "target"])[COLUMNS].reset_index(drop=True)


def turns(
    attractors: pd.DataFrame, networks: pd.DataFrame, targets: Mapping[str, float]
) -> pd.DataFrame:
    """Frequency of the limit cycle that most runs from visited states end in, under each probe.

    Parameters
    ----------
    attractors
        Columns model, constraint, seed, probe, kind, period (steps a turn), visited.
    networks, targets
        As of ``prepare``.

    Returns
    -------
    As of ``prepare``; the source is ``limit cycle``.
    """
    rows = attractors[attractors["kind"] == LIMIT_CYCLE]
    rows = rows[rows["probe"].isin(list(targets))].merge(networks[[*NETWORK, *SHOWN]], on=NETWORK)
    rows = rows.sort_values("visited", ascending=False, kind="stable")
    rows = rows.drop_duplicates([*NETWORK, "probe"])
    rows = rows.assign(source=TURN, target=rows["probe"].map(dict(targets)))
    rows = rows.assign(frequency=2 * np.pi / rows["period"].astype(float))
    return rows.sort_values([*NETWORK, "target"])[COLUMNS].reset_index(drop=True)


def panel(ax: Axes, rows: pd.DataFrame, looks: Looks, top: float) -> Axes:
    """A point per network and probe, a ring per limit cycle, their correlations in the title.

    Parameters
    ----------
    ax
        Where to draw.
    rows
        Of ``prepare`` and ``turns``, of one cell.
    looks
        Colours of cells, markers of activations.
    top
        End of both axes, radians per step.
    """
    if rows.empty:
        return layout.empty(ax, "nothing turns", square=True)
    ax.plot([0, top], [0, top], color=style.GREY, lw=0.7, ls=style.DASHED, zorder=1)
    mode, turn = (rows[rows["source"] == source] for source in (MODE, TURN))
    scatter(ax, mode, "target", "frequency", looks, s=9, linewidths=0, alpha=0.75)
    ring = {"facecolors": "none", "edgecolors": style.KIND_COLOURS[LIMIT_CYCLE], "linewidths": 0.6}
    ax.scatter(turn["target"], turn["frequency"], s=22, zorder=2, **ring)
    lines = [str(rows["cell"].iloc[0]), _correlation(mode, MODE), _correlation(turn, TURN)]
    ax.set_title("\n".join(filter(None, lines)))
    ax.set(xlim=(0, top), ylim=(0, top), aspect="equal")
    return ax


def _correlation(rows: pd.DataFrame, source: str) -> str:
    """Say how frequency and target of one source correlate, where both vary; else nothing."""
    values = rows[["target", "frequency"]].to_numpy(float)
    if len(values) > 2 and (np.ptp(values, axis=0) > 0).all():
        return f"{source}: r = {np.corrcoef(values.T)[0, 1]:.3f}"
    return ""
