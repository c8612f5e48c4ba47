"""Mean distances within groups of networks and between them."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.population.similarity.groups import Groups, mean_between, mean_within


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
