"""PERMANOVA, Mantel and the correction for several tests."""

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from rnnpipe.population.statistics.permutation_tests import adjusted, mantel, permanova
from tests.population.statistics.grouped_clouds import cloud

NONE = np.zeros(25, int)


def by_hand(distances: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """R2 and pseudo-F, term by term (Anderson 2001)."""
    squares = np.triu(distances**2, 1)
    total = squares.sum() / len(labels)
    within = 0.0
    for label in set(labels):
        members = np.flatnonzero(labels == label)
        within += squares[np.ix_(members, members)].sum() / len(members)
    groups = len(set(labels))
    f = ((total - within) / (groups - 1)) / (within / (len(labels) - groups))
    return 1 - within / total, f


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_r2_and_f_are_those_of_the_formula(rng):
    labels = np.repeat([0, 1, 2], [5, 9, 6])
    distances = cloud(rng, labels, 1.0)
    found = permanova(distances, np.array(["gru", "lstm", "tanh"])[labels], seed=1)
    r2, f = by_hand(distances, labels)
    assert (found.networks, found.groups) == (20, 3)
    assert found.r2 == pytest.approx(r2, rel=1e-10)
    assert found.f == pytest.approx(f, rel=1e-10)


def test_planted_groups_explain_nearly_everything(rng):
    labels = np.arange(30) % 3
    found = permanova(cloud(rng, labels, 100.0), labels, seed=1, permutations=199)
    assert found.r2 > 0.99
    assert found.p == pytest.approx(1 / 200)


def test_labels_without_meaning_explain_what_chance_does(rng):
    distances = cloud(rng, np.zeros(40, int), 0.0)
    draws = [
        permanova(distances, rng.permutation(np.arange(40) % 4), seed, permutations=99)
        for seed in range(60)
    ]
    assert np.mean([found.r2 for found in draws]) == pytest.approx(3 / 39, rel=0.05)
    p = np.array([found.p for found in draws])
    assert 0.4 < p.mean() < 0.6
    assert (p < 0.1).mean() < 0.2


def test_the_seed_decides_the_permutations(rng):
    labels = np.arange(20) % 2
    distances = cloud(rng, labels, 0.5)
    found = [permanova(distances, labels, seed, 99).p for seed in (1, 1, 2, 3, 4)]
    assert found[0] == found[1]
    assert len(set(found)) > 1


@pytest.mark.parametrize("labels", [np.zeros(6), np.arange(6)])
def test_one_group_or_single_networks_tell_nothing(rng, labels):
    found = permanova(cloud(rng, np.zeros(6, int), 0.0), labels, seed=1)
    assert np.isnan([found.r2, found.f, found.p]).all()


def test_networks_all_alike_tell_nothing():
    found = permanova(np.zeros((6, 6)), np.arange(6) % 2, seed=1)
    assert np.isnan([found.r2, found.f, found.p]).all()


def test_groups_of_identical_networks_explain_everything():
    labels = np.arange(8) % 2
    found = permanova((labels[:, None] != labels).astype(float), labels, seed=1)
    assert found.r2 == 1
    assert found.p < 0.1


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
