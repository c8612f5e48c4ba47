"""Intervals of any estimate from networks: what it would be without each of them in turn.

How sure all statistics of networks are stands here, and how few networks tell nothing.
"""

import numpy as np
from scipy.special import stdtrit

# With fewer networks, in all or in the smallest of the groups compared, nothing can be told:
# no interval of so few covers what it should.
FEWEST = 4
# Of intervals, and one less the level of tests.
CONFIDENCE = 0.95


def jackknife_reach(
    left_out: np.ndarray, groups: np.ndarray, alike_by_chance: bool = False
) -> float:
    """Half the width of a 95 % interval, from an estimate without each network in turn.

    Parameters
    ----------
    left_out
        (network,), the estimate without the network.
    groups
        (network,) int, independent samples from which networks are left out.
    alike_by_chance
        Whether groups of fewer networks than the largest are taken to vary at least as much as
        all groups do together, since few networks may be of one kind by chance.

    Returns
    -------
    float
        Student's quantile times the jackknife's standard error, of the groups' variances
        (n - 1)/n Σ(deviation²) added, with the degrees of freedom of their sum (Welch
        1947; Satterthwaite 1946); 0 where nothing varies.
    """
    sizes = np.maximum(np.bincount(groups), 1)
    means = np.bincount(groups, left_out) / sizes
    variances = (sizes - 1) / sizes * np.bincount(groups, (left_out - means[groups]) ** 2)
    if alike_by_chance:
        pooled = np.sum((sizes - 1) * sizes * variances) / np.maximum(np.sum(sizes - 1), 1)
        fewer = sizes < sizes.max()
        variances[fewer] = np.maximum(variances[fewer], pooled / sizes[fewer])
    total = variances.sum()
    if not total > 0:
        return 0.0 if total == 0 else np.nan
    df = total**2 / np.sum(variances**2 / np.maximum(sizes - 1, 1))
    return float(stdtrit(df, (1 + CONFIDENCE) / 2) * np.sqrt(total))


def smallest(labels: np.ndarray) -> int:
    """Number of networks in the smallest group of labels (network,); 0 without networks."""
    sizes = np.unique(labels, return_counts=True)[1]
    return int(sizes.min()) if len(sizes) else 0
