import numpy as np
import pytest
from scipy.stats import ortho_group, wasserstein_distance

from rnnpipe.population.similarity.weights import singular_profile, weight_distances
from tests.population.similarity.related_populations import assert_proper


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def distances(matrices):
    return weight_distances(np.array([singular_profile(matrix) for matrix in matrices]))


def test_rotated_and_permuted_units_are_at_zero(rng):
    weights = rng.normal(size=(20, 20))
    rotation = ortho_group.rvs(20, random_state=rng)
    order = rng.permutation(20)
    found = distances(
        [weights, rotation @ weights @ rotation.T, weights[order][:, order], 2 * weights]
    )
    assert_proper(found)
    assert found[0, :3].max() < 1e-12
    assert found[0, 3] > 0.1


def test_a_common_shift_of_singular_values_is_the_distance_between_any_sizes(rng):
    values = np.linspace(0.5, 2, 16)
    matrices = [np.diag(values), np.diag(np.repeat(values, 4) + 0.3)]
    found = distances(matrices)[0, 1]
    assert found == pytest.approx(0.3)
    assert found == pytest.approx(wasserstein_distance(values, values + 0.3))


def test_it_is_no_less_than_the_first_wasserstein_distance(rng):
    matrices = [rng.normal(size=(n, n)) / np.sqrt(n) for n in (8, 16, 32, 64)]
    found = distances(matrices)
    values = [np.linalg.svd(matrix, compute_uv=False) for matrix in matrices]
    for i in range(4):
        for j in range(i):
            first = wasserstein_distance(values[i], values[j])
            assert first - 1e-12 <= found[i, j] <= 3 * first


def test_networks_of_one_gain_are_near_whatever_their_size(rng):
    small, large, stronger = (
        g * rng.normal(size=(n, n)) / np.sqrt(n) for g, n in ((1, 50), (1, 200), (2, 50))
    )
    found = distances([small, large, stronger])
    assert found[0, 1] < 0.1 < found[0, 2]


def test_stacked_gates_have_singular_values_too(rng):
    assert np.isfinite(singular_profile(rng.normal(size=(30, 10)))).all()


def test_diverged_weights_can_be_compared_with_none(rng):
    found = distances([np.full((3, 3), np.nan), np.eye(3), np.eye(3)])
    assert np.isnan(found[0, 1:]).all()
    assert found[1, 2] == 0
