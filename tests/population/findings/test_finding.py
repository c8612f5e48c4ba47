"""A verdict follows from the number, its interval and the threshold, and from nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.population.findings.finding import (
    FAILS,
    HOLDS,
    IN_ALL,
    IN_SMALLEST,
    MOST,
    OPEN,
    difference,
    networks_for_difference,
    networks_for_share,
    share,
    verdict_of,
)
from rnnpipe.population.statistics.jackknife import FEWEST

# A test may be slow for what runs beside it.
UNTIMED = settings(deadline=None)
COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
# Right networks of all, below which a share of three in four falls in more than 5 % of populations.
TOO_FEW_TO_FAIL = {(1, 4), (3, 7), (6, 12)}


def of(right: int, count: int):
    return share("c", "s", "q", np.arange(count) < right)


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        # Newcombe 1998 (Stat. Med. 17:857), table I, Wilson's score without correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (12, 12, 0.7575, 1.0),
    ],
)
def test_a_share_has_wilsons_interval(right, count, low, high):
    finding = of(right, count)
    assert (finding.low, finding.high) == pytest.approx((low, high), abs=6e-5)
    assert (finding.right, finding.networks) == (right, count)
    assert finding.value == right / count


@pytest.mark.parametrize(
    ("right", "count", "verdict", "needed"),
    [
        (12, 12, HOLDS, None),
        (11, 11, OPEN, 12),
        (19, 20, HOLDS, None),
        (18, 20, OPEN, 33),
        (15, 20, OPEN, np.inf),
        (10, 20, FAILS, None),
        (3, 3, OPEN, 12),
        (0, 3, OPEN, 4),
        (0, 4, FAILS, None),
        # Wilson's interval ends at 0.699, but one of four is too likely a count of three in four.
        (1, 4, OPEN, 5),
    ],
)
def test_a_share_holds_fails_or_says_how_many_networks_would_tell(right, count, verdict, needed):
    finding = of(right, count)
    assert finding.verdict == verdict
    assert finding.needed_where == (IN_ALL if verdict == OPEN else "")
    assert finding.needed == needed or (needed is None and np.isnan(finding.needed))


def test_of_no_network_nothing_is_known():
    finding = of(0, 0)
    assert (finding.verdict, finding.networks, finding.needed_where) == (OPEN, 0, "")
    assert np.isnan([finding.value, finding.low, finding.high, finding.needed]).all()


@UNTIMED
@given(COUNTS)
def test_a_verdict_on_a_share_is_that_of_its_whole_interval(counts):
    right, count = counts
    finding = of(right, count)
    assert 0 <= finding.low <= finding.value <= finding.high <= 1
    assert (finding.verdict == HOLDS) == (finding.low > MOST and count >= FEWEST)
    missed = finding.high < MOST and count >= FEWEST and counts not in TOO_FEW_TO_FAIL
    assert (finding.verdict == FAILS) == missed
    assert np.isnan(finding.needed) == (finding.verdict != OPEN)
    assert not finding.needed <= count


@UNTIMED
@given(COUNTS)
def test_one_more_right_network_never_weakens_a_share(counts):
    right, count = counts
    order = (FAILS, OPEN, HOLDS)
    more = of(min(right + 1, count), count)
    assert order.index(more.verdict) >= order.index(of(right, count).verdict)


@UNTIMED
@given(COUNTS, st.integers(1, 40))
def test_as_many_networks_as_are_needed_tell_a_share(counts, times):
    right, count = counts
    needed = networks_for_share(right, count)
    more = (times * right, times * count)
    told = of(*more).verdict != OPEN
    assert told == (more[1] >= needed and more not in TOO_FEW_TO_FAIL)


def test_a_difference_is_judged_by_its_interval():
    for (low, high), verdict in (((0.1, 0.3), HOLDS), ((-0.1, 0.3), OPEN), ((-0.3, -0.1), FAILS)):
        finding = difference("c", "s", "q", (low + high) / 2, (low, high), 12, 4)
        assert (finding.verdict, finding.threshold, finding.networks) == (verdict, 0, 12)
        assert np.isnan(finding.right)
        assert finding.needed_where == (IN_SMALLEST if verdict == OPEN else "")


def test_nothing_is_told_of_groups_that_are_too_small():
    finding = difference("c", "s", "q", 0.2, (0.1, 0.3), 40, 3, adjusted_for="cell")
    assert (finding.verdict, finding.needed) == (OPEN, FEWEST)
    assert (finding.low, finding.high, finding.adjusted_for) == (0.1, 0.3, "cell")
    nothing = difference("c", "s", "q", np.nan, (np.nan, np.nan), 40, 20)
    assert (nothing.verdict, nothing.networks) == (OPEN, 40)
    assert np.isnan(nothing.needed)


@UNTIMED
@given(
    st.floats(-5, 5).filter(lambda v: abs(v) > 1e-3),
    st.floats(0.01, 10),
    st.floats(0.01, 10),
    st.integers(FEWEST, 50),
)
def test_as_many_networks_as_are_needed_tell_a_difference(value, below, above, smallest):
    needed = networks_for_difference(value, (value - below, value + above), smallest)
    # A number that is nearly whole may be rounded either way.
    for count, told, rounding in ((needed - 1, False, 1e-9), (needed, True, -1e-9)):
        if count >= FEWEST:
            narrower = np.sqrt(smallest / count) * (1 + rounding)
            interval = value - below * narrower, value + above * narrower
            assert (verdict_of(*interval, 0, int(count)) != OPEN) == told


def test_a_number_without_an_interval_is_shown_and_nothing_told():
    few = difference("c", "s", "q", 0.4, (np.nan, np.nan), 9, 3)
    assert (few.value, few.verdict, few.needed) == (0.4, OPEN, FEWEST)
    enough = difference("c", "s", "q", 0.4, (np.nan, np.nan), 9, 4)
    assert (enough.value, enough.verdict, enough.needed_where) == (0.4, OPEN, "")
    assert np.isnan(enough.needed)


def test_no_number_of_networks_tells_that_there_is_no_difference():
    assert networks_for_difference(0.0, (-0.1, 0.1), 10) == np.inf
