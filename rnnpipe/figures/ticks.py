"""Round values that are written on logarithmic axes, whether of a few decades or within one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, LogFormatterSciNotation

# Multiples of powers of ten, from the fewest to the most values per decade.
_MULTIPLES: Sequence[Sequence[float]] = (
    (1,),
    (1, 3),
    (1, 2, 5),
    (1, 2, 3, 5),
    (1, 1.5, 2, 2.5, 3, 4, 5, 7),
)
# Up to so many decades, values between the powers of ten may be written.
_FEW_DECADES = 2


def round_values(low: float, high: float, fewest: int = 2) -> list[float]:
    """List the powers of ten from `low` to `high`; if these are few, multiples of them, too.

    Parameters
    ----------
    low, high
        Ends of the axis, both positive.
    fewest
        So many values are wanted; there may be fewer on an axis that is very short.
    """
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.log10(high) + 1)
    found = np.empty(0)
    for multiples in _MULTIPLES:
        found = np.sort(np.outer(powers, multiples).ravel())
        found = found[(found >= low * (1 - 1e-9)) & (found <= high * (1 + 1e-9))]
        if len(found) >= fewest:
            break
    return found.tolist()


def logarithmic(ax: Axes) -> Axes:
    """Make the y axis logarithmic; within a decade or two some values between are written."""
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    if np.log10(high / low) <= _FEW_DECADES:
        ax.yaxis.set_major_locator(FixedLocator(round_values(low, high, fewest=3)))
        always = LogFormatterSciNotation(minor_thresholds=(np.inf, np.inf))
        ax.yaxis.set_major_formatter(always)
        ax.yaxis.set_minor_formatter(lambda value, _: "")
    return ax
