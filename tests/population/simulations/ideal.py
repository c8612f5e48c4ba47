"""Tests that know how the populations were made: no test has more power on average."""

import numpy as np
from scipy.stats import binom, f, ncf, nct, t

from tests.population.simulations.populations import DIMENSIONS

LEVEL = 0.05


def power_of_f(sizes: tuple[int, ...], omega2: float) -> float:
    """Power of the exact F test of Gaussian clouds with equal, known shape.

    With one variance in all dimensions the statistic of distance-based regression is
    F-distributed with a degree of freedom per dimension; the effect is given as ω², the
    share of the variance that lies between groups.
    """
    between, within = DIMENSIONS * (len(sizes) - 1), DIMENSIONS * (sum(sizes) - len(sizes))
    noncentrality = sum(sizes) * DIMENSIONS * omega2 / (1 - omega2)
    critical = f.isf(LEVEL, between, within)
    return float(ncf.sf(critical, between, within, noncentrality))


def power_of_t(first: int, second: int, g: float) -> float:
    """Power of the two-sided t test of two Gaussian samples whose means differ by g."""
    freedom = first + second - 2
    noncentrality = g * np.sqrt(first * second / (first + second))
    critical = t.isf(LEVEL / 2, freedom)
    # Where an effect on the wrong side is too rare for numbers, SciPy has none.
    below = np.nan_to_num(nct.cdf(-critical, freedom, noncentrality))
    return float(nct.sf(critical, freedom, noncentrality) + below)


def power_of_binomial(networks: int, share: float, threshold: float) -> float:
    """Power of the exact one-sided binomial test of a share, at half of the level.

    Half, since a two-sided interval errs on either side as often.
    """
    right = np.arange(networks + 1)
    rejected = binom.sf(right - 1, networks, threshold) <= LEVEL / 2
    return float(binom.pmf(right, networks, share)[rejected].sum())
