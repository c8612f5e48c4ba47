"""A verdict follows from the number, its interval and the threshold, and from nothing else."""

import numpy as np
import pytest

from rnnpipe.population.findings.finding import (
    FAILS,
    HOLDS,
    OPEN,
    difference_above_zero,
    mean_reaches,
    share,
)


def test_a_share_has_wilsons_interval():
    finding = share("c", "s", "q", np.arange(10) < 9, 0.8)
    # Wilson 1927 (JASA 22:209) for 9 of 10.
    assert (finding.low, finding.high) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert (finding.value, finding.networks, finding.verdict) == (0.9, 10, HOLDS)


@pytest.mark.parametrize(
    ("right", "count", "verdict"),
    [(20, 20, HOLDS), (19, 20, HOLDS), (18, 20, OPEN), (10, 20, FAILS), (2, 2, OPEN), (0, 0, OPEN)],
)
def test_a_share_holds_fails_or_stays_open(right, count, verdict):
    assert share("c", "s", "q", np.arange(count) < right, 0.95).verdict == verdict


@pytest.mark.parametrize(
    ("mean", "at_least", "at_most"),
    [(1.0, HOLDS, FAILS), (0.52, HOLDS, OPEN), (0.48, OPEN, HOLDS), (0.0, FAILS, HOLDS)],
)
def test_a_mean_is_judged_by_its_interval(mean, at_least, at_most):
    values = mean + 0.2 * np.random.default_rng(0).standard_normal(30)
    values += mean - values.mean()
    arguments = ("c", "s", "q", np.append(values, np.nan), 0.5, np.random.default_rng(1), 500)
    above, below = mean_reaches(*arguments), mean_reaches(*arguments, at_most=True)
    assert (above.verdict, below.verdict) == (at_least, at_most)
    assert above.value == pytest.approx(mean)
    assert above.networks == 30
    # Of the mean of 30 values of sd 0.2.
    assert above.high - above.low == pytest.approx(2 * 1.96 * 0.2 / np.sqrt(30), rel=0.25)


def test_a_difference_holds_where_its_whole_interval_is_above_zero():
    drawn = np.random.default_rng(2).standard_normal(4000) * 0.1
    for value, verdict in ((0.5, HOLDS), (0.05, OPEN), (-0.5, FAILS)):
        finding = difference_above_zero("c", "s", "q", value, value + drawn, 12)
        assert finding.verdict == verdict
        assert finding.high - finding.low == pytest.approx(0.392, rel=0.1)
    assert difference_above_zero("c", "s", "q", np.nan, drawn * np.nan, 12).verdict == OPEN
