"""A finding: a claim, what was measured of it, and whether it holds."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from rnnpipe.population.statistics.groups import percentile_interval

HOLDS, FAILS, OPEN = "holds", "does not hold", "cannot be told"
# With fewer networks nothing can be told about a population.
FEWEST = 3
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Finding:
    """One claim about the networks of one task.

    Attributes
    ----------
    claim
        The claim's number, as in the documentation: ``F4``; with a letter where it has parts.
    sentence
        The claim in words.
    quantity, unit
        What was measured, and its unit; the unit is empty for a share or a pure number.
    value, low, high
        The number and its 95 % interval; NaN where there is none.
    threshold
        The value from which on the claim holds.
    verdict
        `HOLDS`, `FAILS` or `OPEN`.
    networks
        Number of networks that were measured.
    """

    claim: str
    sentence: str
    quantity: str
    unit: str
    value: float
    low: float
    high: float
    threshold: float
    verdict: str
    networks: int


def share(claim: str, sentence: str, quantity: str, right: np.ndarray, threshold: float) -> Finding:
    """Judge a claim about a share of the networks, with Wilson's interval.

    The claim holds if the share reaches the threshold, and does not hold if even the
    upper end of the interval stays below it.

    Parameters
    ----------
    right
        (network,) bool.
    """
    count = len(right)
    if not count:
        return _unknown(claim, sentence, quantity, "", threshold)
    found = binomtest(int(np.sum(right)), count).proportion_ci(CONFIDENCE, "wilson")
    value = float(np.mean(right))
    verdict = _verdict(value >= threshold, found.high < threshold, count)
    return Finding(
        claim, sentence, quantity, "", value, found.low, found.high, threshold, verdict, count
    )


def mean_reaches(
    claim: str,
    sentence: str,
    quantity: str,
    values: np.ndarray,
    threshold: float,
    rng: np.random.Generator,
    resamples: int,
    unit: str = "",
    at_most: bool = False,
) -> Finding:
    """Judge a claim that a mean reaches a threshold, with a bootstrap interval of the mean.

    The claim holds if the mean reaches the threshold, and does not hold if the whole
    interval misses it.

    Parameters
    ----------
    values
        (network,); values that are not finite are left out.
    at_most
        Whether the mean must be at the threshold or below.
    """
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    if not len(values):
        return _unknown(claim, sentence, quantity, unit, threshold)
    value = float(values.mean())
    drawn = rng.integers(len(values), size=(resamples, len(values)))
    low, high = percentile_interval(values[drawn].mean(1), CONFIDENCE)
    if at_most:
        verdict = _verdict(value <= threshold, low > threshold, len(values))
    else:
        verdict = _verdict(value >= threshold, high < threshold, len(values))
    return Finding(
        claim, sentence, quantity, unit, value, low, high, threshold, verdict, len(values)
    )


def difference_above_zero(
    claim: str, sentence: str, quantity: str, value: float, resampled: np.ndarray, networks: int
) -> Finding:
    """Judge a claim that one number exceeds another, by the interval of their difference.

    The claim holds if the whole interval is above zero, and does not hold if it is below.
    """
    low, high = percentile_interval(resampled, CONFIDENCE)
    if np.isnan(low) or not np.isfinite(value):
        return _unknown(claim, sentence, quantity, "", 0.0)
    verdict = _verdict(low > 0, high < 0, networks)
    return Finding(claim, sentence, quantity, "", value, low, high, 0.0, verdict, networks)


def _verdict(holds: bool, fails: bool, networks: int) -> str:
    if networks < FEWEST:
        return OPEN
    return HOLDS if holds else FAILS if fails else OPEN


def _unknown(claim: str, sentence: str, quantity: str, unit: str, threshold: float) -> Finding:
    nan = float("nan")
    return Finding(claim, sentence, quantity, unit, nan, nan, nan, threshold, OPEN, 0)
