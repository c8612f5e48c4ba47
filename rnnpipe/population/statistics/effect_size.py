"""The size of an effect: Hedges' g of a sample of networks against a reference.

With fewer than `FEWEST` networks in the smaller sample only the difference and g are given:
their interval and p would tell of nothing.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln
from scipy.stats import nct, norm, permutation_test
from scipy.stats import t as student

from rnnpipe.population.statistics.jackknife import CONFIDENCE, FEWEST, jackknife_reach

# Chance at which as many networks as are needed would find an effect.
POWER = 0.8
# With more networks the noncentral t is as good as normal.
_MANY = 500


@dataclass(frozen=True)
class Effect:
    """Difference of one measure between two samples of networks.

    Attributes
    ----------
    difference
        Difference of the means, sample minus reference, in the measure's unit.
    effect
        Hedges' g.
    low, high
        Interval of g, from `interval`.
    needed
        Number of networks per sample that would find a g of this size, from
        `networks_for_effect`; NaN where the interval leaves out zero or g is not finite.
    p
        Two-sided, by permutation.
    """

    difference: float
    effect: float
    low: float
    high: float
    needed: float
    p: float


def effect(
    sample: np.ndarray,
    reference: np.ndarray,
    rng: np.random.Generator,
    permutations: int = 9999,
) -> Effect:
    """Compare one measure of a sample and of a reference.

    Parameters
    ----------
    sample, reference
        (network,), one measure; values that are not finite are left out.
    rng
        Draws permutations; samples so small that there are fewer permutations than asked
        for are tested by all of them.

    Returns
    -------
    Effect
        All NaN if a sample has no network, only the difference if one has a single network,
        and neither interval nor p if one has fewer than `FEWEST`.
    """
    sample, reference = (_finite(values) for values in (sample, reference))
    fewest = min(len(sample), len(reference))
    if not fewest:
        return Effect(*[np.nan] * 6)
    difference = float(sample.mean() - reference.mean())
    if fewest < 2:
        return Effect(difference, *[np.nan] * 5)
    g = float(hedges_g(sample, reference))
    low, high = interval(sample, reference)
    needed = np.nan if low > 0 or high < 0 else networks_for_effect(g)
    p = np.nan if fewest < FEWEST else _p(sample, reference, rng, permutations)
    return Effect(difference, g, low, high, needed, p)


def hedges_g(sample: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Difference of means in units of the pooled standard deviation, without its bias.

    Hedges 1981 (J. Educ. Stat. 6:107), with the exact factor
    Γ(m/2) / (sqrt(m/2) Γ((m - 1)/2)), m = n_1 + n_2 - 2.

    Parameters
    ----------
    sample, reference
        (..., network), of two networks or more each.

    Returns
    -------
    np.ndarray
        (...). Where neither sample varies: 0 if the means are equal, else infinite.
    """
    sizes = np.array([sample.shape[-1], reference.shape[-1]])
    m = sizes.sum() - 2
    squares = sizes[0] * sample.var(-1) + sizes[1] * reference.var(-1)
    deviation = np.sqrt(squares / m)
    difference = sample.mean(-1) - reference.mean(-1)
    # The mean of equal numbers may be off by rounding, which is no variance.
    rounding = _rounding(sample, reference)
    difference = np.where(np.abs(difference) <= rounding, 0.0, difference)
    still = deviation <= rounding
    raw = np.where(
        still,
        np.where(difference == 0, 0.0, np.copysign(np.inf, difference)),
        difference / np.where(still, 1.0, deviation),
    )
    unbiased = np.exp(gammaln(m / 2) - gammaln((m - 1) / 2)) / np.sqrt(m / 2)
    return unbiased * raw


def interval(sample: np.ndarray, reference: np.ndarray) -> tuple[float, float]:
    """Compute the 95 % interval of Hedges' g by a jackknife over networks (`jackknife_reach`).

    Measured, 4 to 20 networks per group and 4 against 20, g from 0 to 2: of normal measures it
    covers 0.94 to 0.98, also where one group scatters three times as widely, and of
    skewed ones (lognormal, σ = 0.5) 0.90 to 0.99. The noncentral t covers 0.70 of the first
    and 0.70 of the second, a BCa bootstrap 0.76 and 0.65, at worst.

    Parameters
    ----------
    sample, reference
        (network,), finite.

    Returns
    -------
    low, high
        NaN if a sample has fewer than `FEWEST` networks, or if neither varies once some
        network is left out: then the data have no scale.
    """
    sizes = [len(sample), len(reference)]
    if min(sizes) < FEWEST:
        return np.nan, np.nan
    deleted = (
        hedges_g(_each_left_out(sample), reference[None]),
        hedges_g(sample[None], _each_left_out(reference)),
    )
    g = float(hedges_g(sample, reference))
    if not np.isfinite(np.concatenate([*deleted, [g]])).all():
        return np.nan, np.nan
    reach = jackknife_reach(np.concatenate(deleted), np.repeat([0, 1], sizes))
    if reach == 0:
        return np.nan, np.nan
    return g - reach, g + reach


def networks_for_effect(g: float) -> float:
    """Compute how many networks per sample find an effect with a chance of `POWER`.

    By Student's t test at 5 %, two-sided (Cohen 1988, Statistical Power Analysis, chapter 2).
    Infinite for an effect of zero; NaN for one that is not finite.
    """
    if g == 0 or not np.isfinite(g):
        return np.inf if g == 0 else np.nan
    size = abs(g)
    normal = 2 * ((norm.ppf((1 + CONFIDENCE) / 2) + norm.ppf(POWER)) / size) ** 2
    if not normal < _MANY:
        return float(np.ceil(normal))
    count = max(FEWEST, int(normal))
    while _power(size, count) < POWER:
        count += 1
    return float(count)


def _power(size: float, count: int) -> float:
    """Chance that a two-sided t test finds an effect of a size, with so many networks a sample."""
    freedom, shift = 2 * count - 2, size * np.sqrt(count / 2)
    beyond = student.ppf((1 + CONFIDENCE) / 2, freedom)
    return float(nct.sf(beyond, freedom, shift) + nct.cdf(-beyond, freedom, shift))


def _p(
    sample: np.ndarray, reference: np.ndarray, rng: np.random.Generator, permutations: int
) -> float:
    """Test a difference of means by permutation of Welch's t.

    Exact where the samples are of one distribution, and near it where only their means are
    equal (Janssen 1997, Stat. Probab. Lett. 36:9).
    """
    rounding = float(_rounding(sample, reference))

    def welch(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
        error = x.var(axis, ddof=1) / x.shape[axis] + y.var(axis, ddof=1) / y.shape[axis]
        return (x.mean(axis) - y.mean(axis)) / np.maximum(np.sqrt(error), rounding)

    test = permutation_test(
        (sample, reference),
        welch,
        vectorized=True,
        n_resamples=permutations,
        batch=1000,
        rng=rng,
    )
    return float(test.pvalue)


def _rounding(sample: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Differences that are as good as none between numbers of this size (...)."""
    size = np.maximum(np.abs(sample).max(-1), np.abs(reference).max(-1))
    return 8 * np.finfo(np.float64).eps * size


def _each_left_out(values: np.ndarray) -> np.ndarray:
    """Values (network,) without each of them in turn (network, network - 1)."""
    count = len(values)
    return np.broadcast_to(values, (count, count))[~np.eye(count, dtype=bool)].reshape(count, -1)


def _finite(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    return values[np.isfinite(values)]
