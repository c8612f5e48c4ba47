"""Mean distances within groups of networks and between them."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.population.statistics.jackknife import FEWEST, jackknife_reach, smallest


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


def pair_mean(distances: np.ndarray, pairs: np.ndarray) -> tuple[float, np.ndarray]:
    """Average distances over pairs of networks, of all and without each network in turn.

    Parameters
    ----------
    distances
        (network, network), of networks of the rows to those of the columns; NaN where no pair
        counts.
    pairs
        (network, network) bool, the pairs that count.

    Returns
    -------
    mean, without
        The mean, and (network,) the means without each; NaN where no pair is left.
    """
    known = np.where(pairs, distances, 0.0)
    sums, counts = (both.sum(0) + both.sum(1) - np.diagonal(both) for both in (known, pairs))
    with np.errstate(invalid="ignore"):
        mean = float(np.float64(known.sum()) / pairs.sum())
        return mean, (known.sum() - sums) / (pairs.sum() - counts)


def scatter_difference(
    distances: np.ndarray, wide: np.ndarray, places: np.ndarray
) -> tuple[float, float, float]:
    """Compute how much farther from each other networks of one sample are than those of another.

    Like is compared with like: a sample's mean distance is that over all pairs of places, each
    pair of places with the same weight however many networks there are. The interval is a
    delete-one jackknife over the networks of every place and sample (`jackknife_reach`), of which
    those with fewer than others may be alike by chance.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    wide
        (network,) bool, the sample from whose mean distance that of the others is taken.
    places
        (network,) of any type that can be sorted: networks of one place differ in nothing
        but the sample. Every place has networks of both samples.

    Returns
    -------
    tuple
        The difference, and the ends of its 95 % interval; NaN without networks or where a place
        has fewer than two networks of a sample, the interval with fewer than four.
    """
    codes = np.unique(places, return_inverse=True)[1]
    cohorts = 2 * codes + wide
    fewest = smallest(cohorts)
    if fewest < 2 or len(np.unique(cohorts)) < 2 * (codes.max() + 1):
        return np.nan, np.nan, np.nan
    total, left_out = 0.0, np.zeros(len(wide))
    for side, sign in ((wide, 1), (~wide, -1)):
        mean, lost = _mean_over_places(distances[np.ix_(side, side)], codes[side])
        total += sign * mean
        left_out[side] = -sign * lost
    if fewest < FEWEST:
        return total, np.nan, np.nan
    groups = np.unique(cohorts, return_inverse=True)[1]
    reach = jackknife_reach(left_out, groups, alike_by_chance=True)
    return total, total - reach, total + reach


def _mean_over_places(distances: np.ndarray, codes: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean distance over pairs of places, and how much smaller it is without each network."""
    indicator = np.eye(codes.max() + 1)[codes]
    sizes = indicator.sum(0)
    towards = distances @ indicator  # (network, place)
    sums = indicator.T @ towards
    means = sums / (np.outer(sizes, sizes) - np.diag(sizes))
    own = np.eye(len(sizes), dtype=bool)[codes]
    rest = sizes[codes][:, None] - 1
    pairs = rest * np.where(own, rest - 1, sizes)
    kept = sums[codes] - np.where(own, 2, 1) * towards
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = means[codes] - kept / pairs
    # A pair of different places stands on both sides of the diagonal.
    return float(means.mean()), (np.where(own, 1, 2) * lost).sum(1) / means.size
