"""Fixed points of one network, drawn on axes of the caller's own."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from rnnpipe.dynamics.classes import MARGINAL_CLASS
from rnnpipe.figures import style
from rnnpipe.figures.panels import attractors, points

# Legends stand above the axes, where they hide no point.
ABOVE = {
    "loc": "lower left",
    "bbox_to_anchor": (0, 1),
    "ncols": 2,
    "frameon": False,
    "fontsize": "small",
}


def draw_points(
    frame: pd.DataFrame,
    visited: np.ndarray,
    ax: Axes | None = None,
) -> Axes:
    """Draw points along the first two principal components of visited states, over these states.

    Parameters
    ----------
    frame
        Of `FixedPoints.to_frame`.
    visited
        (state, unit).
    ax
        Where to draw; new axes if None.
    """
    ax = plt.figure(layout="constrained").add_subplot() if ax is None else ax
    placed = _components(visited)
    ax.plot(*placed(visited).T, ls="", marker=".", ms=2, color=style.PALE)
    rows = frame.reset_index().assign(marginal=frame["class"].to_numpy() == MARGINAL_CLASS)
    if len(rows):
        places = placed(np.stack(rows["state"]))
        rows = rows.assign(pc1=places[:, 0], pc2=places[:, 1])
        points.scatter(ax, rows, ["pc1", "pc2"], size=24)
        ax.legend(handles=points.handles(rows), **ABOVE)
    ax.set(xlabel="PC 1", ylabel="PC 2")
    ax.set_aspect("equal", adjustable="datalim")
    return ax


def draw_attractors(
    frame: pd.DataFrame,
    curves: pd.DataFrame,
    visited: np.ndarray,
    ax: Axes | None = None,
) -> Axes:
    """Draw attractors that are no points over points as `draw_points` draws them.

    Parameters
    ----------
    frame, visited, ax
        As of `draw_points`.
    curves
        The states of the attractors, in order: point (a number of each), kind, phase, state.
    """
    ax = draw_points(frame, visited, ax)
    if len(curves) == 0:
        return ax
    places = _components(visited)(np.stack(curves["state"]))
    rows = curves.assign(pc1=places[:, 0], pc2=places[:, 1])
    extent = float(np.ptp(np.concatenate([places, _components(visited)(visited)]), axis=0).max())
    attractors.draw(ax, rows, ["pc1", "pc2"], extent)
    ax.autoscale_view()
    own = frame.assign(marginal=frame["class"].to_numpy() == MARGINAL_CLASS)
    ax.legend(handles=points.handles(own) + attractors.handles(rows), **ABOVE)
    return ax


def _components(visited: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """What places states (state, unit) along two principal components of visited ones."""
    mean = visited.mean(0)
    directions = np.linalg.svd(visited - mean, full_matrices=False)[2][:2]
    directions = np.pad(directions, ((0, 2 - len(directions)), (0, 0)))
    return lambda states: (states - mean) @ directions.T


def draw_spectrum(eigenvalues: np.ndarray, unstable: np.ndarray, ax: Axes | None = None) -> Axes:
    """Eigenvalues (point, mode) in the complex plane, coloured by their point's unstable modes."""
    ax = plt.figure(layout="constrained").add_subplot() if ax is None else ax
    ax.add_patch(Circle((0, 0), 1, fill=False, ec=style.INK, lw=0.7))
    for k in np.unique(unstable):
        own = eigenvalues[unstable == k].ravel()
        look = {"color": style.unstable_colour(int(k)), "label": style.unstable_label(int(k))}
        ax.plot(own.real, own.imag, ls="", marker=".", ms=4, **look)
    ax.set(xlabel="real part of λ", ylabel="imaginary part of λ")
    ax.set_aspect("equal", adjustable="datalim")
    if len(unstable):
        ax.legend(**ABOVE)
    return ax
