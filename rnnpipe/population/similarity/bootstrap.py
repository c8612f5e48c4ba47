"""Intervals of R2 and of the within/between ratio by resampling networks."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.population.similarity.groups import Groups, explained, mean_between, mean_within


@dataclass(frozen=True)
class Intervals:
    """Percentile intervals over resamples; NaN where nothing can be told."""

    r2_low: float
    r2_high: float
    ratio_low: float
    ratio_high: float


def intervals(
    distances: np.ndarray,
    labels: np.ndarray,
    rng: np.random.Generator,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> Intervals:
    """Resample networks, with replacement, within each group.

    A network drawn twice is at distance 0 from its copy, which would make groups look
    tighter than they are; so means are over pairs of different originals, and sums of
    squares are made of these means as R2 is of the plain ones (`groups.explained`).
    With every network drawn once this is the plain R2.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    labels
        (network,), the level of the factor.
    rng
        Draws the resamples. A group of more than one network is redrawn until it holds
        two different ones; a group of two is therefore always itself, and a group of
        few gives intervals that are too narrow.
    """
    groups = Groups.of(labels)
    if len(groups.sizes) < 2 or not (groups.sizes > 1).any():
        return Intervals(*[np.nan] * 4)
    counts = resample(groups, rng, resamples)
    r2 = explained(pair_means(distances**2, counts, groups), groups)
    means = pair_means(distances, counts, groups)
    between = mean_between(means, groups)
    ratio = mean_within(means, groups) / np.where(between > 0, between, np.nan)
    tail = (1 - confidence) / 2
    return Intervals(*_quantiles(r2, tail), *_quantiles(ratio, tail))


def resample(groups: Groups, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """(resample, network), how many times each network was drawn."""
    counts = np.zeros((resamples, len(groups.codes)))
    for group, size in enumerate(groups.sizes):
        left = np.arange(resamples)
        members = np.flatnonzero(groups.codes == group)
        while len(left):
            drawn = rng.multinomial(size, np.full(size, 1 / size), size=len(left))
            counts[np.ix_(left, members)] = drawn
            left = left[(drawn.max(1) == size) & (size > 1)]
    return counts


def pair_means(values: np.ndarray, counts: np.ndarray, groups: Groups) -> np.ndarray:
    """Mean value of the pairs of different originals, by groups, in every resample.

    Parameters
    ----------
    values
        (network, network), symmetric and hollow.
    counts
        (resample, network), how many times each network counts.

    Returns
    -------
    np.ndarray
        (resample, group, group); 0 for a group of one original with itself.
    """
    indicator = groups.indicator
    means = np.empty((len(counts), len(groups.sizes), len(groups.sizes)))
    drawn = counts @ indicator
    # A network's copies are no pair of different originals.
    copies = counts**2 @ indicator
    for group in range(len(groups.sizes)):
        members = groups.codes == group
        sums = (counts[:, members] @ values[members] * counts) @ indicator
        pairs = drawn[:, [group]] * drawn
        pairs[:, group] -= copies[:, group]
        means[:, group] = sums / np.where(pairs > 0, pairs, 1)
    return means


def _quantiles(values: np.ndarray, tail: float) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)
