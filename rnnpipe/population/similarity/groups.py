"""Sums over pairs of networks, by the groups that the two belong to."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Groups:
    """Networks by one factor.

    Attributes
    ----------
    codes
        (network,) int, the group of each.
    sizes
        (group,), networks in each.
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
        """(group, group), ordered pairs of different networks."""
        return np.outer(self.sizes, self.sizes) - np.diag(self.sizes)


def explained(means: np.ndarray, groups: Groups) -> np.ndarray:
    """R2 from the mean squared distances of pairs of different networks.

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
    """(...), mean over all pairs within groups; NaN if there are none."""
    same = np.eye(len(groups.sizes), dtype=bool)
    return _mean(means, groups.pairs * same)


def mean_between(means: np.ndarray, groups: Groups) -> np.ndarray:
    """(...), mean over all pairs of different groups; NaN if there are none."""
    same = np.eye(len(groups.sizes), dtype=bool)
    return _mean(means, groups.pairs * ~same)


def _mean(means: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    sums = np.where(pairs > 0, means, 0.0) * pairs
    return sums.sum((-2, -1)) / (pairs.sum() or np.nan)
