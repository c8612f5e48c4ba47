"""A curve in one line of text."""

from collections.abc import Sequence

import numpy as np

BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(steps: Sequence[int], values: Sequence[float], total: int, width: int) -> str:
    """A curve as blocks of a height by the logarithm of its values.

    Parameters
    ----------
    steps, values
        The curve; values that are not above zero, or not finite, are left out.
    total
        Steps of the whole curve, which would fill the line.
    width
        Characters of a full line.

    Returns
    -------
    str
        As long as the share of the steps that is done.
    """
    x, y = np.asarray(steps, float), np.asarray(values, float)
    usable = np.isfinite(y) & (y > 0)
    if not usable.any():
        return ""
    x, y = x[usable], np.log(y[usable])
    columns = min(max(round(width * x[-1] / total), 1), width)
    heights = np.interp(np.linspace(x[0], x[-1], columns), x, y)
    span = np.ptp(heights) or 1.0
    places = (heights - heights.min()) / span * (len(BLOCKS) - 1)
    return "".join(BLOCKS[round(place)] for place in places)
