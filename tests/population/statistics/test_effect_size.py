import numpy as np
import pytest
from scipy.stats import ttest_ind

from rnnpipe.population.statistics.effect_size import effect, hedges_g


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
    assert found.p == pytest.approx(2 / 10000)


def test_the_p_value_is_close_to_students(rng):
    sample, reference = rng.normal(0.4, size=30), rng.normal(size=30)
    found = effect(sample, reference, rng)
    assert found.p == pytest.approx(ttest_ind(sample, reference).pvalue, abs=0.02)


def test_the_interval_holds_the_truth_as_often_as_it_says(rng):
    truth = 0.8
    held = [
        found.low <= truth <= found.high
        for found in (
            effect(rng.normal(truth, size=25), rng.normal(size=25), rng, 400, 9) for _ in range(300)
        )
    ]
    assert 0.88 < np.mean(held) < 0.985


def test_without_effect_p_is_uniform(rng):
    p = [
        effect(rng.normal(size=8), rng.normal(size=12), rng, resamples=10, permutations=99).p
        for _ in range(200)
    ]
    assert 0.4 < np.mean(p) < 0.6
    assert np.mean(np.array(p) <= 0.1) < 0.18


def test_samples_that_do_not_vary_differ_by_nothing_or_without_bound(rng):
    still = np.full(5, 0.1)
    same = effect(still, np.full(7, 0.1), rng)
    assert (same.effect, same.low, same.high, same.p) == (0, 0, 0, 1)
    more = effect(still + 1, still, rng)
    assert (more.effect, more.low, more.high) == (np.inf, np.inf, np.inf)
    assert effect(still - 1, still, rng).effect == -np.inf


def test_what_is_not_finite_is_left_out(rng):
    sample, reference = rng.normal(size=10), rng.normal(size=12)
    expected = effect(sample, reference, np.random.default_rng(1))
    found = effect(
        np.append(sample, [np.nan, np.inf]), np.append(np.nan, reference), np.random.default_rng(1)
    )
    assert found == expected


def test_too_few_networks_tell_little(rng):
    one = effect(np.array([3.0]), np.array([1.0, 2.0]), rng)
    assert one.difference == 1.5
    assert np.isnan([one.effect, one.low, one.high, one.p]).all()
    none = effect(np.array([np.nan]), np.array([1.0, 2.0]), rng)
    assert np.isnan([none.difference, none.effect, none.low, none.high, none.p]).all()
