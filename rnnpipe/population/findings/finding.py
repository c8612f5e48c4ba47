"""A finding: a claim, what was measured of it, and whether it holds."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

HOLDS, FAILS, OPEN = "holds", "does not hold", "cannot be told"
# Networks below which nothing is said of a population.
FEWEST = 3
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Finding:
    """One claim about the networks of one task.

    Attributes
    ----------
    claim
        Its number, as in the text that claims it: ``F4``; with a letter where it has parts.
    sentence
        The claim.
    quantity, unit
        What was measured, and its unit; empty for a share or a pure number.
    value, low, high
        The number and its 95 % interval; NaN where there is none.
    threshold
        From where on the claim holds.
    verdict
        `HOLDS`, `FAILS` or `OPEN`.
    networks
        Networks that were measured.
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
    """A claim about a share of the networks, with Wilson's interval.

    Holds where the share reaches the threshold, and does not where even the
    interval's upper end stays below it.

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
    """A claim that networks reach a number on average, with a bootstrap interval of the mean.

    Holds where the mean reaches the threshold, and does not where the whole
    interval misses it.

    Parameters
    ----------
    values
        (network,); NaN is left out.
    at_most
        Whether to reach it is to stay at it or below.
    """
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    if not len(values):
        return _unknown(claim, sentence, quantity, unit, threshold)
    value = float(values.mean())
    drawn = rng.integers(len(values), size=(resamples, len(values)))
    low, high = _interval(values[drawn].mean(1))
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
    """A claim that one number exceeds another, by the interval of their resampled difference.

    Holds where the whole interval is above zero, and does not where it is below.
    """
    known = resampled[np.isfinite(resampled)]
    if not len(known) or not np.isfinite(value):
        return _unknown(claim, sentence, quantity, "", 0.0)
    low, high = _interval(known)
    verdict = _verdict(low > 0, high < 0, networks)
    return Finding(claim, sentence, quantity, "", value, low, high, 0.0, verdict, networks)


def _interval(values: np.ndarray) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def _verdict(holds: bool, fails: bool, networks: int) -> str:
    if networks < FEWEST:
        return OPEN
    return HOLDS if holds else FAILS if fails else OPEN


def _unknown(claim: str, sentence: str, quantity: str, unit: str, threshold: float) -> Finding:
    nan = float("nan")
    return Finding(claim, sentence, quantity, unit, nan, nan, nan, threshold, OPEN, 0)
