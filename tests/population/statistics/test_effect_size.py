import numpy as np
import pytest
from scipy.stats import norm, ttest_ind
from scipy.stats import t as student

from rnnpipe.population.statistics.effect_size import (
    effect,
    hedges_g,
    interval,
    networks_for_effect,
)
from rnnpipe.population.statistics.jackknife import FEWEST


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_g_is_the_corrected_standardised_difference():
    sample, reference = np.array([1.0, 2, 3, 6]), np.array([0.0, 1, 2])
    pooled = np.sqrt((3 * sample.var(ddof=1) + 2 * reference.var(ddof=1)) / 5)
    correction = 0.8408  # Hedges 1981, table of c(m), m = 5
    assert hedges_g(sample, reference) == pytest.approx(correction * 2 / pooled, rel=1e-4)
    assert hedges_g(reference, sample) == -hedges_g(sample, reference)


def test_g_has_no_bias_in_small_samples(rng):
    found = hedges_g(rng.normal(0.8, size=(40000, 4)), rng.normal(size=(40000, 4)))
    assert found.mean() == pytest.approx(0.8, abs=0.02)


def test_g_knows_no_unit_and_no_origin(rng):
    sample, reference = rng.normal(1, size=20), rng.normal(size=30)
    expected = hedges_g(sample, reference)
    assert hedges_g(3 + 7 * sample, 3 + 7 * reference) == pytest.approx(expected)


def test_a_clear_effect_is_found_with_its_interval(rng):
    sample, reference = rng.normal(2, size=30), rng.normal(size=40)
    found = effect(sample, reference, rng)
    assert found.difference == pytest.approx(sample.mean() - reference.mean())
    assert found.low < found.effect < found.high
    assert found.low > 1
    assert np.isnan(found.needed)
    assert found.p == pytest.approx(2 / 10000)


def test_the_p_value_is_close_to_welchs(rng):
    sample, reference = rng.normal(0.4, 2, size=30), rng.normal(size=20)
    found = effect(sample, reference, rng)
    expected = ttest_ind(sample, reference, equal_var=False).pvalue
    assert found.p == pytest.approx(expected, abs=0.02)


def test_in_large_samples_the_interval_is_that_of_theory(rng):
    """Hedges & Olkin 1985, p. 86: the variance of g is (n + m) / (n m) + g² / (2 (n + m))."""
    sample, reference = rng.normal(0.8, size=400), rng.normal(size=200)
    low, high = interval(sample, reference)
    g = float(hedges_g(sample, reference))
    reach = norm.ppf(0.975) * np.sqrt(600 / 80000 + g**2 / 1200)
    assert (low, high) == pytest.approx((g - reach, g + reach), abs=0.04)


def test_between_equal_samples_the_interval_is_near_students(rng):
    """Without an effect g is t of Student's test, times the root of 2 / n."""
    sample = rng.normal(size=12)
    low, high = interval(sample, sample[::-1] + 0.0)
    assert low == pytest.approx(-high)
    assert high == pytest.approx(student.ppf(0.975, 22) * np.sqrt(2 / 12), rel=0.25)


SPREADS = {
    "alike": ((6, 6), 1.0, "normal"),
    "four": ((4, 4), 1.0, "normal"),
    "few against many": ((4, 20), 1.0, "normal"),
    "few that scatter against many": ((4, 20), 3.0, "normal"),
    "skewed": ((10, 10), 1.0, "skewed"),
}


@pytest.mark.parametrize("truth", [0.0, 1.5])
@pytest.mark.parametrize(("sizes", "spread", "kind"), SPREADS.values(), ids=SPREADS.keys())
def test_the_interval_holds_the_truth_as_often_as_it_says(rng, sizes, spread, kind, truth):
    """At least 0.92, and not always; the standard error of 300 tries is 0.016."""

    def drawn(size: int) -> np.ndarray:
        if kind == "normal":
            return rng.standard_normal(size)
        variance = (np.exp(0.25) - 1) * np.exp(0.25)
        return (np.exp(0.5 * rng.standard_normal(size)) - np.exp(0.125)) / np.sqrt(variance)

    first, second = sizes
    pooled = np.sqrt(((first - 1) * spread**2 + second - 1) / (first + second - 2))
    held = []
    for _ in range(300):
        low, high = interval(spread * drawn(first) + truth * pooled, drawn(second))
        held.append(low <= truth <= high)
    assert 0.9 <= np.mean(held) < 1


@pytest.mark.parametrize(("size", "networks"), [(0.2, 394), (0.5, 64), (0.8, 26)])
def test_networks_needed_are_cohens(size, networks):
    """Cohen 1992 (Psychol. Bull. 112:155), table 2, at 5 % and a power of 0.8: 393, 64, 26."""
    assert networks_for_effect(size) == pytest.approx(networks, abs=1)
    assert networks_for_effect(-size) == networks_for_effect(size)


def test_of_no_effect_and_of_one_without_bound_no_number_is_needed_or_known():
    assert networks_for_effect(0.0) == np.inf
    assert np.isnan([networks_for_effect(np.inf), networks_for_effect(np.nan)]).all()
    assert networks_for_effect(9.0) == FEWEST
    # 2 (1.96 + 0.84)² / g²
    assert networks_for_effect(0.01) == pytest.approx(156978, rel=1e-3)


def test_an_effect_that_is_not_told_says_how_many_networks_would(rng):
    found = effect(np.array([0.0, 1, 2, 3]), np.array([0.5, 1.5, 2.5, 3]), rng)
    assert found.low < 0 < found.high
    assert found.needed == networks_for_effect(found.effect) > 100


def test_without_effect_p_is_uniform(rng):
    p = [effect(rng.normal(size=8), rng.normal(size=12), rng, 99).p for _ in range(200)]
    assert 0.4 < np.mean(p) < 0.6
    assert np.mean(np.array(p) <= 0.1) < 0.18


def test_samples_that_do_not_vary_differ_by_nothing_or_without_bound(rng):
    still = np.full(5, 0.1)
    same = effect(still, np.full(7, 0.1), rng)
    assert (same.effect, same.needed, same.p) == (0, np.inf, 1)
    more = effect(still + 1, still, rng)
    assert more.effect == np.inf and more.p == pytest.approx(2 / 252)
    assert effect(still - 1, still, rng).effect == -np.inf
    # Without any scatter, or with that of one network alone, there is no scale.
    one = effect(np.append(still + 1, 1.2), still, rng)
    assert np.isnan([same.low, same.high, more.low, more.high, one.low, one.high]).all()


def test_counts_with_many_ties_have_an_interval(rng):
    found = effect(np.array([8.0, 8, 8, 8, 7, 8]), np.array([8.0, 6, 8, 8, 5, 8]), rng)
    assert found.low < 0 < found.effect < found.high
    assert 0.05 < found.p < 1


def test_what_is_not_finite_is_left_out(rng):
    sample, reference = rng.normal(size=10), rng.normal(size=12)
    expected = effect(sample, reference, np.random.default_rng(1))
    found = effect(
        np.append(sample, [np.nan, np.inf]), np.append(np.nan, reference), np.random.default_rng(1)
    )
    assert repr(found) == repr(expected)


def test_too_few_networks_tell_little(rng):
    three = effect(np.array([3.0, 4, 5]), rng.normal(size=40), rng)
    assert three.effect > 2
    assert np.isnan([three.low, three.high, three.p]).all() and three.needed >= FEWEST
    one = effect(np.array([3.0]), np.array([1.0, 2.0]), rng)
    assert one.difference == 1.5
    assert np.isnan([one.effect, one.low, one.high, one.needed, one.p]).all()
    none = effect(np.array([np.nan]), np.array([1.0, 2.0]), rng)
    assert np.isnan(list(vars(none).values())).all()
