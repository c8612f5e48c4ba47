"""How well networks foretell how they end: where the own end ranks among the ends of a cohort."""

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit

from rnnpipe.population.statistics.jackknife import CONFIDENCE, FEWEST, jackknife_reach


def ranks(distances: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Rank each network's own end among all ends, by their distance from it.

    Parameters
    ----------
    distances
        (network, end).
    own
        (network,) int, the number of each network's own end.

    Returns
    -------
    np.ndarray
        (network,), the share of other ends that are farther than its own, an equal distance
        counting half; NaN where the own distance or all others are not known. If the own end is
        as any other, 0.5 is expected, whatever the distances.
    """
    rows = np.arange(len(distances))
    apart = distances - distances[rows, own][:, None]
    apart[rows, own] = np.nan
    known = (~np.isnan(apart)).sum(1)
    farther = (apart > 0).sum(1) + (apart == 0).sum(1) / 2
    return np.divide(farther, known, out=np.full(len(rows), np.nan), where=known > 0)


def foretelling(cohorts: Sequence[np.ndarray]) -> tuple[float, tuple[float, float]]:
    """Measure how well networks foretell their own end among the ends of their cohort.

    A network that cannot be compared with its own end, or with no other, foretells nothing: its
    rank counts as 0.

    The interval is a jackknife over networks, whose ends are left out with them. Where all ranks
    are 1 nothing varies, and a jackknife alone would be sure of four networks. So the interval is
    at least as long as that of ranks to which one of 0 and one of 1 are added (as Agresti & Coull
    1998, Am. Stat. 52:119, do for shares).

    Parameters
    ----------
    cohorts
        Of each, with two networks or more, the distances (network, end) of its networks from their
        ends, in one order.

    Returns
    -------
    value, interval
        The mean of `ranks`, and its 95 % interval; NaN without networks, the interval also where a
        cohort has fewer than `FEWEST`.
    """
    every = [_all_ranks(own) for own in cohorts]
    if not every:
        return np.nan, (np.nan, np.nan)
    found, sizes = np.concatenate(every), np.array([len(own) for own in cohorts])
    value, count = float(found.mean()), len(found)
    if sizes.min() < FEWEST:
        return value, (np.nan, np.nan)
    left_out = [
        (found.sum() - own.sum() + _without(distances, i).sum()) / (count - 1)
        for own, distances in zip(every, cohorts, strict=True)
        for i in range(len(own))
    ]
    labels = np.repeat(np.arange(len(sizes)), sizes)
    spread = np.append(found, [0.0, 1.0]).std(ddof=1)
    least = stdtrit(count - len(sizes), (1 + CONFIDENCE) / 2) * spread / np.sqrt(count)
    reach = max(jackknife_reach(np.array(left_out), labels), float(least))
    return value, (max(value - reach, 0.0), min(value + reach, 1.0))


def _without(distances: np.ndarray, network: int) -> np.ndarray:
    """Ranks of a cohort without one of its networks and its end."""
    return _all_ranks(np.delete(np.delete(distances, network, 0), network, 1))


def _all_ranks(distances: np.ndarray) -> np.ndarray:
    """Ranks of a cohort (network, end), 0 where there is none."""
    return np.nan_to_num(ranks(distances, np.arange(len(distances))))
