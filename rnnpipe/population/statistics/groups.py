"""Mean distances within groups of networks and between them."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.population.statistics.jackknife import jackknife_reach, smallest
from rnnpipe.population.statistics.limits import FEWEST


@dataclass(frozen=True)
class WithinBetween:
    """Mean distances over pairs of different networks.

    Attributes
    ----------
    within, between
        Mean over the pairs of one group, and of different groups; NaN without pairs.
    ratio
        Within over between: near 1 where the factor does not matter; NaN if all
        distances between groups are zero.
    """

    within: float
    between: float
    ratio: float


def within_between(distances: np.ndarray, labels: np.ndarray) -> WithinBetween:
    """Compare the distances within groups with those between them.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    labels
        (network,), the level of the factor.
    """
    labels = np.asarray(labels)
    same = labels[:, None] == labels
    other = ~same
    np.fill_diagonal(same, False)
    within, between = (
        float(distances[pairs].mean()) if pairs.any() else np.nan for pairs in (same, other)
    )
    return WithinBetween(within, between, within / between if between > 0 else np.nan)


def scatter_difference(distances: np.ndarray, wide: np.ndarray) -> tuple[float, float, float]:
    """Compute how much farther from each other networks of one sample are than those of another.

    The interval is a delete-one jackknife over networks (`jackknife_reach`).

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    wide
        (network,) bool, the sample from whose mean distance that of the others is taken.

    Returns
    -------
    tuple
        The difference, and the ends of its 95 % interval; NaN where a sample has fewer than two
        networks, the interval with fewer than four.
    """
    total, left_out = 0.0, np.zeros(len(wide))
    for side, sign in ((wide, 1), (~wide, -1)):
        count = side.sum()
        if count < 2:
            return np.nan, np.nan, np.nan
        sums = distances[np.ix_(side, side)].sum(1)
        mean = sums.sum() / (count * (count - 1))
        total += sign * float(mean)
        if count > 2:
            without = (sums.sum() - 2 * sums) / ((count - 1) * (count - 2))
            left_out[side] = sign * without
    if smallest(wide) < FEWEST:
        return total, np.nan, np.nan
    reach = jackknife_reach(left_out, wide.astype(int))
    return total, total - reach, total + reach
