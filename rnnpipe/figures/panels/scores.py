"""The axis of a task's score: its name and unit, the limit for solved, and where it ends."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from rnnpipe.figures import style
from rnnpipe.figures.options import FigureOptions, with_unit

# R² of targets in random order: what fails may lie at any R² below it.
LEAST_R2 = -1.0
# Room below and above the scores, as shares of the axis.
_BELOW, _ABOVE = 0.1, 0.06
_LIMIT = {"color": style.INK, "lw": 0.7, "ls": style.DASHED}


def least(options: FigureOptions) -> float | None:
    """Score that counts for all lower ones; None where scores have an end of their own."""
    return LEAST_R2 if options.score_name == "R²" else None


def score_axis(ax: Axes, scores: ArrayLike, options: FigureOptions) -> Axes:
    """Name the y axis, mark the limit for solved, and end the axis a little beyond the scores.

    The best R² and the best share of right answers are 1, so that their axes end just above 1.

    Parameters
    ----------
    ax
        Where to draw.
    scores
        All scores of the axis, of any shape; those that are not finite do not count.
    options
        Name and unit of the score, and the limit.
    """
    values = np.asarray(scores, dtype=float).ravel()
    values = np.append(values[np.isfinite(values)], options.solved)
    lowest, low, high = least(options), values.min(), values.max()
    cut = lowest is not None and low < lowest
    low = lowest if cut else low
    room = high - low or max(abs(high), 1.0)
    ax.set_ylim(low if cut else low - _BELOW * room, high + _ABOVE * room)
    ax.set_ylabel(with_unit(options.score_name, options.score_unit))
    ax.axhline(options.solved, zorder=1, **_LIMIT)
    return ax


def limit_handle() -> Line2D:
    """Legend entry of the limit for solved."""
    return style.entry("limit for solved", **_LIMIT)
