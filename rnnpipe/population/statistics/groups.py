"""Groups of networks: mean distances within and between them, R² and its interval.

Intervals resample networks within each group.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Groups:
    """Networks, grouped by one factor.

    Attributes
    ----------
    codes
        (network,) int, the group of each network.
    sizes
        (group,), number of networks in each group.
    """

    codes: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray) -> "Groups":
        """Groups of equal labels, in the order in which labels sort."""
        _, codes, sizes = np.unique(labels, return_inverse=True, return_counts=True)
        return cls(codes, sizes)

    @property
    def indicator(self) -> np.ndarray:
        """(network, group), 1 where the network is in the group."""
        return np.eye(len(self.sizes))[self.codes]

    @property
    def pairs(self) -> np.ndarray:
        """(group, group), number of ordered pairs of different networks."""
        return np.outer(self.sizes, self.sizes) - np.diag(self.sizes)


def explained(means: np.ndarray, groups: Groups) -> np.ndarray:
    """Compute R2 from the mean squared distances of pairs of different networks.

    A sum of squares of n networks is the sum of squared distances of their pairs over
    n (Anderson 2001, Austral Ecol. 26:32).

    Parameters
    ----------
    means
        (..., group, group), mean squared distance of the pairs of either group; that of
        a single network with itself is not looked at.

    Returns
    -------
    np.ndarray
        (...), NaN where all distances are zero.
    """
    sums = np.where(groups.pairs > 0, means, 0.0) * groups.pairs / 2
    total = sums.sum((-2, -1)) / groups.sizes.sum()
    within = (np.diagonal(sums, axis1=-2, axis2=-1) / groups.sizes).sum(-1)
    return 1 - within / np.where(total > 0, total, np.nan)


def mean_within(means: np.ndarray, groups: Groups) -> np.ndarray:
    """Mean over all pairs within groups (...); NaN if there are none."""
    same = np.eye(len(groups.sizes), dtype=bool)
    return _mean(means, groups.pairs * same)


def mean_between(means: np.ndarray, groups: Groups) -> np.ndarray:
    """Mean over all pairs of different groups (...); NaN if there are none."""
    same = np.eye(len(groups.sizes), dtype=bool)
    return _mean(means, groups.pairs * ~same)


def _mean(means: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    sums = np.where(pairs > 0, means, 0.0) * pairs
    return sums.sum((-2, -1)) / (pairs.sum() or np.nan)


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
    groups = Groups.of(labels)
    indicator = groups.indicator
    sums = indicator.T @ distances @ indicator
    means = sums / np.where(groups.pairs > 0, groups.pairs, 1)
    within, between = float(mean_within(means, groups)), float(mean_between(means, groups))
    return WithinBetween(within, between, within / between if between > 0 else np.nan)


@dataclass(frozen=True)
class Intervals:
    """Percentile intervals of R2 and of the ratio over resamples; NaN where nothing is known."""

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
    """Compute intervals by resampling networks, with replacement, within each group.

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
    return Intervals(*percentile_interval(r2, confidence), *percentile_interval(ratio, confidence))


def resample(groups: Groups, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """Draw each group anew and count how many times each network was drawn (resample, network)."""
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
    """Average over the pairs of different originals, by groups, in every resample.

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


def percentile_interval(values: np.ndarray, confidence: float) -> tuple[float, float]:
    """Low and high percentile of resampled values (resample,); NaN where none is finite."""
    known = values[np.isfinite(values)]
    tail = (1 - confidence) / 2
    if not len(known):
        return np.nan, np.nan
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)
