"""Steps of training along an axis that has a place for step 0: even at first, then logarithmic."""

from __future__ import annotations

from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullFormatter
from numpy.typing import ArrayLike

from rnnpipe.figures import style
from rnnpipe.figures.ticks import round_values

LABEL = "training step"
# Width of the even part, in decades of the rest.
_EVEN = 0.5


def first_of(steps: ArrayLike) -> float:
    """First step after the start, up to which an axis is even; 1 where there is none."""
    values = np.asarray(steps, dtype=float)
    later = values[values > 0]
    return float(later.min()) if len(later) else 1.0


def along(steps: ArrayLike, first: float) -> np.ndarray:
    """How far along the axis steps lie, in decades: even up to `first`, then logarithmic."""
    values = np.asarray(steps, dtype=float)
    later = _EVEN + np.log10(np.maximum(values, first) / first)
    return np.where(values < first, _EVEN * values / first, later)


def step_axis(
    ax: Axes, first: float, last: float, which: Literal["x", "y"] = "x", start: float = 0.0
) -> None:
    """Make an axis of steps, from `start` to `last`, a pale line where it becomes logarithmic."""

    def back(places: ArrayLike) -> np.ndarray:
        values = np.asarray(places, dtype=float)
        later = first * 10 ** np.clip(values - _EVEN, 0, 30)
        return np.where(values < _EVEN, values * first / _EVEN, later)

    axis = ax.xaxis if which == "x" else ax.yaxis
    along_axis = (lambda steps: along(steps, first), back)
    getattr(ax, f"set_{which}scale")("function", functions=along_axis)
    getattr(ax, f"set_{which}lim")(start, last)
    axis.set_major_locator(FixedLocator(ticks(first, last, start)))
    between = np.outer(10.0 ** np.arange(0, 8), np.arange(2, 10)).ravel()
    axis.set_minor_locator(FixedLocator(between[(between > first) & (between < last)]))
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    if start < first:
        line = ax.axvline if which == "x" else ax.axhline
        line(first, color=style.PALE, lw=0.5, ls=style.DASHED, zorder=0)
    axis.set_label_text(LABEL)


def ticks(first: float, last: float, start: float = 0.0) -> list[float]:
    """Steps that are written on an axis: 0 and powers of ten, if these are few others, too."""
    if start:
        return round_values(start, last, fewest=3)
    return [0.0, *round_values(first, last)]


def described(first: float) -> str:
    """Say in a sentence how steps lie along the axis."""
    return (
        f"Steps are logarithmic from {first:,.0f}, the first after the start at which weights "
        "were kept (dashed), and even before it, so that 0 has a place."
    )
