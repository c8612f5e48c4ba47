"""A finding: a claim, what was measured of it, and whether it holds.

A verdict follows from the number's 95 % interval and the threshold: a claim holds if the whole
interval is on the right side of the threshold and does not hold if the whole interval is on the
other side; else it cannot be told.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr

from rnnpipe.dynamics.shares import QUANTILE, wilson_interval
from rnnpipe.population.statistics.jackknife import CONFIDENCE, FEWEST

HOLDS, FAILS, OPEN = "holds", "does not hold", "cannot be told"
# A claim about single networks holds of a population if it holds of more than this share: all of
# 12 networks are enough for Wilson's interval to lie above it.
MOST, MOST_IN_WORDS = 0.75, "More than three in four"
# The networks of which `Finding.needed` is a number.
IN_ALL, IN_SMALLEST = "in all", "in the smallest group"


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
        What was measured, and its unit; the unit is empty for a share or a pure number. Of a
        share the quantity is what makes one network right.
    value, low, high
        The number and its 95 % interval; NaN where there is none.
    threshold
        The value above which the claim holds.
    verdict
        `HOLDS`, `FAILS` or `OPEN`.
    networks
        Number of networks that were judged.
    right
        Number of networks that are right; NaN if the claim is not about a share.
    needed, needed_where
        Number of networks that a verdict would need if the value stayed what it is, and whether
        `IN_ALL` or `IN_SMALLEST`. NaN and empty where a verdict was reached or nothing was
        measured; infinite where no number would do, since the value is the threshold.
    adjusted_for
        The factors given which a factor was judged; empty for other claims.
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
    right: float = float("nan")
    needed: float = float("nan")
    needed_where: str = ""
    adjusted_for: str = ""


def share(claim: str, sentence: str, criterion: str, right: np.ndarray) -> Finding:
    """Judge a claim about most networks: whether more than `MOST` of them are right.

    The interval is Wilson's (1927, JASA 22:209). With 4, 7 or 12 networks a share a little above
    `MOST` would lie above the whole interval in 5.1 to 7.1 % of populations; so that no share
    does in more than 5 %, the exact binomial test must reject `MOST` too.

    Parameters
    ----------
    claim, sentence
        Number of the claim, and the claim in words.
    criterion
        What makes one network right.
    right
        (network,) bool, of all networks that the claim is about; one that lacks what is asked
        for is wrong.
    """
    count = len(right)
    if not count:
        return unmeasured(claim, sentence, criterion, MOST)
    correct = int(np.sum(right))
    low, high = map(float, wilson_interval(correct, count))
    verdict = verdict_of(low, high, MOST, count)
    # The probability of so few that are right, or fewer.
    if verdict == FAILS and bdtr(correct, count, MOST) > 1 - CONFIDENCE:
        verdict = OPEN
    needed = float("nan")
    if verdict == OPEN:
        needed = max(networks_for_share(correct, count), count + 1.0)
    return Finding(
        claim=claim,
        sentence=sentence,
        quantity=criterion,
        unit="",
        value=correct / count,
        low=low,
        high=high,
        threshold=MOST,
        verdict=verdict,
        networks=count,
        right=float(correct),
        needed=needed,
        needed_where=IN_ALL if verdict == OPEN else "",
    )


def difference(
    claim: str,
    sentence: str,
    quantity: str,
    value: float,
    interval: tuple[float, float],
    networks: int,
    smallest: int,
    unit: str = "",
    adjusted_for: str = "",
    threshold: float = 0.0,
    where: str = IN_SMALLEST,
) -> Finding:
    """Judge a claim that a number exceeds a threshold, by its interval.

    The number is the difference of two others, and the threshold zero, unless said otherwise.

    Parameters
    ----------
    claim, sentence, quantity, unit
        As in `Finding`.
    value, interval
        The number, and the low and high end of its interval.
    networks, smallest
        Number of networks, and of networks in the smallest group that is compared; the same
        where nothing is compared.
    adjusted_for, threshold
        As in `Finding`.
    where
        Which networks `smallest` counts: `IN_SMALLEST` or `IN_ALL`.
    """
    low, high = interval
    if not np.isfinite(value):
        return unmeasured(claim, sentence, quantity, threshold, unit, networks, adjusted_for)
    verdict = verdict_of(low, high, threshold, smallest)
    needed = float("nan")
    if verdict == OPEN:
        above = (low - threshold, high - threshold)
        needed = networks_for_difference(value - threshold, above, smallest)
    known = verdict != OPEN or np.isnan(needed)
    return Finding(
        claim=claim,
        sentence=sentence,
        quantity=quantity,
        unit=unit,
        value=value,
        low=low,
        high=high,
        threshold=threshold,
        verdict=verdict,
        networks=networks,
        needed=needed,
        needed_where="" if known else where,
        adjusted_for=adjusted_for,
    )


def unmeasured(
    claim: str,
    sentence: str,
    quantity: str,
    threshold: float,
    unit: str = "",
    networks: int = 0,
    adjusted_for: str = "",
) -> Finding:
    """Make the finding of a claim on which there is no number: it cannot be told."""
    nan = float("nan")
    return Finding(
        claim,
        sentence,
        quantity,
        unit,
        nan,
        nan,
        nan,
        threshold,
        OPEN,
        networks,
        adjusted_for=adjusted_for,
    )


def verdict_of(low: float, high: float, threshold: float, networks: int) -> str:
    """Tell from an interval whether a number is above the threshold.

    Parameters
    ----------
    networks
        Number of networks, of the smallest group if groups are compared.
    """
    if networks < FEWEST:
        return OPEN
    return HOLDS if low > threshold else FAILS if high < threshold else OPEN


def networks_for_share(right: int, count: int) -> float:
    """Compute how many networks would tell a share from `MOST`, if the share stayed what it is.

    Wilson's interval of a share p of n networks leaves out t where
    n (p - t)² > z² t (1 - t). Infinite where p is t.
    """
    apart = right / count - MOST
    if apart == 0:
        return float("inf")
    return float(max(FEWEST, np.floor(QUANTILE**2 * MOST * (1 - MOST) / apart**2) + 1))


def networks_for_difference(value: float, interval: tuple[float, float], smallest: int) -> float:
    """Compute how many networks in the smallest group would tell a difference from zero.

    As if the interval narrowed with the root of the number of networks, all groups growing
    alike. Infinite where the difference is zero. Without an interval `FEWEST`, from which on
    there is one, or NaN where there are as many.
    """
    if np.isnan(interval).any():
        return float(FEWEST) if smallest < FEWEST else float("nan")
    if value == 0:
        return float("inf")
    reach = value - interval[0] if value > 0 else interval[1] - value
    return float(max(FEWEST, np.floor(smallest * (reach / value) ** 2) + 1))
