"""The size of an effect among networks that are otherwise alike: Hedges' g within places."""

import numpy as np
from scipy.special import gammaln

from rnnpipe.population.statistics.jackknife import FEWEST, jackknife_reach, smallest


def matched_effect(
    values: np.ndarray, sample: np.ndarray, places: np.ndarray
) -> tuple[float, float, float]:
    """Compare a measure of a sample with that of others in the same places of a design.

    The mean over places of the difference of the means, in units of the standard deviation within
    places and samples, without the bias of small samples (Hedges 1981, J. Educ. Stat. 6:107). In a
    single place it is `effect_size.hedges_g`. The interval is a delete-one jackknife over the
    networks of every place and sample (`jackknife_reach`).

    Parameters
    ----------
    values
        (network,), finite.
    sample
        (network,) bool, the networks from whose mean that of the others is taken.
    places
        (network,) of any type that can be sorted: networks of one place differ in nothing but the
        sample. Every place has networks of both.

    Returns
    -------
    value, low, high
        All NaN without networks, or if nothing varies within places; the interval NaN if a place
        has fewer than `FEWEST` networks of a sample.
    """
    if not len(values):
        return np.nan, np.nan, np.nan
    groups = np.unique(2 * np.unique(places, return_inverse=True)[1] + sample, return_inverse=True)
    labels = groups[1]
    value = _effect(values, labels)
    if not np.isfinite(value) or smallest(labels) < FEWEST:
        return value, np.nan, np.nan
    each = np.arange(len(values))
    left_out = np.array([_effect(values[each != i], labels[each != i]) for i in each])
    if not np.isfinite(left_out).all():
        return value, np.nan, np.nan
    reach = jackknife_reach(left_out, labels)
    return value, value - reach, value + reach


def _effect(values: np.ndarray, labels: np.ndarray) -> float:
    """Hedges' g of labels (network,), 2 p of the others and 2 p + 1 of the sample of place p."""
    sizes = np.bincount(labels)
    means = np.bincount(labels, values) / sizes
    freedom = len(values) - len(sizes)
    squares = np.sum((values - means[labels]) ** 2)
    # The mean of equal numbers may be off by rounding, which is no variance.
    rounding = 8 * np.finfo(np.float64).eps * np.abs(values).max()
    if freedom < 1 or np.sqrt(squares / freedom) <= rounding:
        return np.nan
    unbiased = np.exp(gammaln(freedom / 2) - gammaln((freedom - 1) / 2)) / np.sqrt(freedom / 2)
    return float(unbiased * np.mean(means[1::2] - means[::2]) / np.sqrt(squares / freedom))
