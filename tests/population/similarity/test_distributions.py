"""Distances of distributions: of singular values, and of costs of transitions."""

import numpy as np
import ot
import pytest
from scipy.stats import ortho_group, wasserstein_distance

from rnnpipe.population.similarity.distributions import (
    cost_profile,
    gromov_distances,
    profile_distances,
    quantile_profile,
    singular_profile,
    transition_costs,
    weight_distances,
)
from tests.population.similarity.random_skeletons import corners, nothing, permuted, random_skeleton
from tests.population.similarity.related_populations import assert_proper


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def wasserstein(one: np.ndarray, two: np.ndarray) -> float:
    return float(np.sqrt(ot.wasserstein_1d(one, two, p=2)))


def test_where_numbers_divide_the_bins_the_distance_is_that_of_wasserstein(rng):
    samples = [rng.normal(size=size) for size in (2, 4, 16, 64, 64)]
    found = profile_distances(np.array([quantile_profile(s, 64) for s in samples]))
    assert_proper(found)
    for i in range(5):
        for j in range(i):
            assert found[i, j] == pytest.approx(wasserstein(samples[i], samples[j]), rel=1e-10)


def test_elsewhere_it_is_a_close_bound_from_below(rng):
    samples = [rng.normal(loc, size=size) for loc, size in ((0, 7), (0, 23), (1, 100), (1, 99))]
    found = profile_distances(np.array([quantile_profile(s, 512) for s in samples]))
    for i in range(4):
        for j in range(i):
            exact = wasserstein(samples[i], samples[j])
            assert found[i, j] <= exact + 1e-12
            assert found[i, j] == pytest.approx(exact, rel=0.02)


def test_a_profile_has_the_mean_of_its_values_and_knows_no_order(rng):
    values = rng.normal(size=37)
    profile = quantile_profile(values, 10)
    assert profile.mean() == pytest.approx(values.mean())
    assert (np.diff(profile) >= 0).all()
    np.testing.assert_allclose(quantile_profile(rng.permutation(values), 10), profile, rtol=1e-12)


@pytest.mark.parametrize("values", [[], [0.0, np.nan], [np.inf]])
def test_what_has_no_distribution_can_be_compared_with_nothing(values):
    profiles = np.array([quantile_profile(np.array(values), 8), np.zeros(8), np.ones(8)])
    found = profile_distances(profiles)
    assert_proper(found)
    assert np.isnan(found[0, 1:]).all()
    assert found[1, 2] == 1


def distances_of_weights(matrices):
    return weight_distances(np.array([singular_profile(matrix) for matrix in matrices]))


def test_rotated_and_permuted_units_are_at_zero(rng):
    weights = rng.normal(size=(20, 20))
    rotation = ortho_group.rvs(20, random_state=rng)
    order = rng.permutation(20)
    found = distances_of_weights(
        [weights, rotation @ weights @ rotation.T, weights[order][:, order], 2 * weights]
    )
    assert_proper(found)
    assert found[0, :3].max() < 1e-12
    assert found[0, 3] > 0.1


def test_a_common_shift_of_singular_values_is_the_distance_between_any_sizes(rng):
    values = np.linspace(0.5, 2, 16)
    matrices = [np.diag(values), np.diag(np.repeat(values, 4) + 0.3)]
    found = distances_of_weights(matrices)[0, 1]
    assert found == pytest.approx(0.3)
    assert found == pytest.approx(wasserstein_distance(values, values + 0.3))


def test_it_is_no_less_than_the_first_wasserstein_distance(rng):
    matrices = [rng.normal(size=(n, n)) / np.sqrt(n) for n in (8, 16, 32, 64)]
    found = distances_of_weights(matrices)
    values = [np.linalg.svd(matrix, compute_uv=False) for matrix in matrices]
    for i in range(4):
        for j in range(i):
            first = wasserstein_distance(values[i], values[j])
            assert first - 1e-12 <= found[i, j] <= 3 * first


def test_networks_of_one_gain_are_near_whatever_their_size(rng):
    small, large, stronger = (
        g * rng.normal(size=(n, n)) / np.sqrt(n) for g, n in ((1, 50), (1, 200), (2, 50))
    )
    found = distances_of_weights([small, large, stronger])
    assert found[0, 1] < 0.1 < found[0, 2]


def test_stacked_gates_have_singular_values_too(rng):
    assert np.isfinite(singular_profile(rng.normal(size=(30, 10)))).all()


def test_diverged_weights_can_be_compared_with_none(rng):
    found = distances_of_weights([np.full((3, 3), np.nan), np.eye(3), np.eye(3)])
    assert np.isnan(found[0, 1:]).all()
    assert found[1, 2] == 0


def distances_of_graphs(skeletons):
    return gromov_distances(np.array([cost_profile(s.transitions) for s in skeletons]))


def test_points_that_lead_to_each_other_are_near():
    transitions = np.array([[0.2, 0.8, 0, 0], [0.4, 0.1, 0, 0.5], [0, 0, 1, 0]])
    expected = [[0, 0.4, 1], [0.4, 0, 1], [1, 1, 0]]
    np.testing.assert_allclose(transition_costs(transitions), expected)


def test_it_never_exceeds_the_gromov_wasserstein_distance(rng):
    skeletons = [corners(1), corners(2), *(random_skeleton(rng, n) for n in (4, 7, 7, 10))]
    found = distances_of_graphs(skeletons)
    assert_proper(found)
    assert found[np.triu_indices(6, 1)].min() > 0.005
    costs = [transition_costs(s.transitions) for s in skeletons]
    for i in range(6):
        for j in range(i):
            # Descent finds a local minimum, which the least cannot exceed.
            exact = np.sqrt(ot.gromov.gromov_wasserstein2(costs[i], costs[j]))
            assert found[i, j] <= exact + 1e-9


def test_for_two_points_each_it_is_the_gromov_wasserstein_distance():
    one, two = (np.array([[1 - p, p, 0], [p, 1 - p, 0]]) for p in (0.3, 0.7))
    found = gromov_distances(np.array([cost_profile(one), cost_profile(two)]))[0, 1]
    costs = [transition_costs(t) for t in (one, two)]
    exact = np.sqrt(ot.gromov.gromov_wasserstein2(*costs, G0=np.eye(2) / 2))
    assert found == pytest.approx(exact)
    assert found == pytest.approx(np.sqrt(0.4**2 / 2))


def test_the_order_of_points_does_not_matter(rng):
    skeleton = random_skeleton(rng, 15)
    other = permuted(skeleton, rng.permutation(15))
    assert distances_of_graphs([skeleton, other])[0, 1] < 1e-12


def test_a_network_without_points_can_be_compared_with_none():
    found = distances_of_graphs([nothing(), corners(1), corners(2)])
    assert np.isnan(found[0, 1:]).all()
    assert found[1, 2] > 0
