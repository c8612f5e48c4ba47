"""Tests that know how the populations were made: no test has more power on average."""

import numpy as np
from scipy.stats import binom, f, ncf, nct, t

from tests.population.simulations.populations import DIMENSIONS

LEVEL = 0.05
POWER = 0.8


def power_of_f(df: int, rest: int, noncentrality: float) -> float:
    """Power of the exact F test of Gaussian clouds that are as wide in all dimensions.

    The statistic of distance-based regression is then F-distributed, with the degrees of
    freedom of every dimension.

    Parameters
    ----------
    df, rest
        Degrees of freedom of the factor and of the residuals, in one dimension.
    noncentrality
        Sum over networks of the squared distance by which the factor moves them, given
        the other factors, in standard deviations.
    """
    between, within = DIMENSIONS * df, DIMENSIONS * rest
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


def needed_for_g(g: float) -> int:
    """Networks in each of two cohorts with which the t test finds g in four of five populations."""
    return next(n for n in range(2, 10_000) if power_of_t(n, n, g) >= POWER)


def needed_for_omega2(omega2: float, groups: int = 2) -> int:
    """Networks in each cohort with which the F test finds a factor in four of five populations."""

    def power(networks: int) -> float:
        total = groups * networks
        noncentrality = total * DIMENSIONS * omega2 / (1 - omega2)
        return power_of_f(groups - 1, total - groups, noncentrality)

    return next(n for n in range(2, 10_000) if power(n) >= POWER)
