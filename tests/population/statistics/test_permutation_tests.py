"""Mantel's test and the correction for several tests."""

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from rnnpipe.population.statistics.permutation_tests import adjusted, mantel
from tests.population.statistics.grouped_clouds import cloud

NONE = np.zeros(25, int)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("method", ["spearman", "pearson"])
def test_a_matrix_agrees_with_itself(rng, method):
    distances = cloud(rng, NONE, 0.0)
    found = mantel(distances, distances, seed=1, method=method, permutations=199)
    assert found.r == pytest.approx(1)
    assert found.p == pytest.approx(1 / 200)
    assert found.networks == 25


def test_it_is_the_correlation_of_the_pairs(rng):
    first, second = cloud(rng, NONE, 0.0), cloud(rng, NONE, 0.0)
    second += first
    above = np.triu_indices(25, 1)
    for method, reference in (("spearman", spearmanr), ("pearson", pearsonr)):
        found = mantel(first, second, seed=1, method=method, permutations=9)
        assert found.r == pytest.approx(reference(first[above], second[above]).statistic)


def test_unrelated_distances_are_seldom_significant(rng):
    p = [
        mantel(cloud(rng, NONE, 0.0), cloud(rng, NONE, 0.0), seed, permutations=99).p
        for seed in range(60)
    ]
    assert 0.35 < np.mean(p) < 0.65
    assert np.mean(np.array(p) < 0.1) < 0.25


def test_any_growing_function_is_perfect_for_spearman(rng):
    distances = cloud(rng, NONE, 0.0)
    assert mantel(distances, distances**3, seed=1, permutations=9).r == pytest.approx(1)


def test_distances_all_equal_or_too_few_networks_tell_nothing(rng):
    distances, flat = cloud(rng, NONE, 0.0), np.ones((25, 25)) - np.eye(25)
    for pair in ((distances, flat), (flat, distances), (distances[:2, :2],) * 2):
        found = mantel(*pair, seed=1)
        assert np.isnan([found.r, found.p]).all()


def test_other_networks_are_refused(rng):
    with pytest.raises(ValueError, match="different networks"):
        mantel(cloud(rng, NONE, 0.0), cloud(rng, NONE[:20], 0.0), seed=1)


def test_it_is_the_step_up_procedure_of_benjamini_and_hochberg():
    p = np.array([0.01, 0.04, 0.03, 0.5])
    np.testing.assert_allclose(adjusted(p), [0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])


def test_tests_not_made_stay_so_and_do_not_count():
    p = np.array([0.01, np.nan, 0.04, np.nan])
    np.testing.assert_allclose(adjusted(p), [0.02, np.nan, 0.04, np.nan])
    assert np.isnan(adjusted(np.full(3, np.nan))).all()
    assert adjusted(np.zeros(0)).shape == (0,)
