"""The size of an effect: Hedges' g of a sample of networks against a reference."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln
from scipy.stats import permutation_test


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
        Percentile bootstrap interval of g.
    p
        Two-sided, by permutation.
    """

    difference: float
    effect: float
    low: float
    high: float
    p: float


def effect(
    sample: np.ndarray,
    reference: np.ndarray,
    rng: np.random.Generator,
    resamples: int = 2000,
    permutations: int = 9999,
    confidence: float = 0.95,
) -> Effect:
    """Compare one measure of a sample and of a reference.

    Parameters
    ----------
    sample, reference
        (network,), one measure; values that are not finite are left out.
    rng
        Draws resamples and permutations; samples so small that there are fewer
        permutations than asked for are tested by all of them.

    Returns
    -------
    Effect
        Only the difference, the rest NaN, if a sample has fewer than two networks; all
        NaN if one has none. The interval is NaN if no resample has a g.
    """
    sample, reference = (_finite(values) for values in (sample, reference))
    if not len(sample) or not len(reference):
        return Effect(*[np.nan] * 5)
    difference = float(sample.mean() - reference.mean())
    if min(len(sample), len(reference)) < 2:
        return Effect(difference, *[np.nan] * 4)
    drawn = [
        values[rng.integers(len(values), size=(resamples, len(values)))]
        for values in (sample, reference)
    ]
    tail = (1 - confidence) / 2
    # Order statistics, no interpolation: a resample may be infinite.
    low, high = np.nanquantile(hedges_g(*drawn), [tail, 1 - tail], method="inverted_cdf")
    test = permutation_test(
        (sample, reference),
        lambda x, y, axis: x.mean(axis) - y.mean(axis),
        vectorized=True,
        n_resamples=permutations,
        batch=1000,
        rng=rng,
    )
    g = float(hedges_g(sample, reference))
    return Effect(difference, g, float(low), float(high), float(test.pvalue))


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
    size = np.maximum(np.abs(sample).max(-1), np.abs(reference).max(-1))
    rounding = 8 * np.finfo(np.float64).eps * size
    difference = np.where(np.abs(difference) <= rounding, 0.0, difference)
    still = deviation <= rounding
    raw = np.where(
        still,
        np.where(difference == 0, 0.0, np.copysign(np.inf, difference)),
        difference / np.where(still, 1.0, deviation),
    )
    unbiased = np.exp(gammaln(m / 2) - gammaln((m - 1) / 2)) / np.sqrt(m / 2)
    return unbiased * raw


def _finite(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    return values[np.isfinite(values)]
