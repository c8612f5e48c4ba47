import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import MDS

from rnnpipe.population.statistics.embedding import embed, stress
from tests.population.statistics.grouped_clouds import cloud


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_points_of_the_plane_are_found_exactly_whatever_the_unit(rng):
    for unit in (1e-6, 1.0, 1e4):
        distances = squareform(pdist(unit * rng.normal(size=(20, 2)) * [3, 1]))
        found = embed(distances)
        assert found.stress < 1e-6
        np.testing.assert_allclose(
            squareform(pdist(found.coordinates)), distances, atol=1e-5 * unit
        )


def test_the_axes_are_principal_and_the_largest_coordinates_positive(rng):
    found = embed(cloud(rng, np.arange(40) % 3, 2.0)).coordinates
    np.testing.assert_allclose(found.mean(0), 0, atol=1e-10)
    covariance = np.cov(found.T)
    assert abs(covariance[0, 1]) < 1e-10
    assert covariance[0, 0] > covariance[1, 1]
    assert (found[np.abs(found).argmax(0), [0, 1]] > 0).all()


def test_nothing_is_left_to_chance(rng):
    distances = cloud(rng, np.arange(40) % 3, 2.0)
    np.testing.assert_array_equal(embed(distances).coordinates, embed(distances, 1).coordinates)


def test_the_order_of_networks_does_not_matter(rng):
    distances = cloud(rng, np.arange(30) % 3, 5.0)
    order = rng.permutation(30)
    turned = embed(distances[np.ix_(order, order)]).coordinates
    np.testing.assert_allclose(turned, embed(distances).coordinates[order], atol=1e-4)


def test_the_stress_is_as_low_as_the_best_of_many_random_starts(rng):
    distances = cloud(rng, np.arange(40) % 3, 2.0)
    model = MDS(
        2,
        metric="precomputed",
        init="random",
        n_init=10,
        random_state=0,
        normalized_stress=False,
    )
    best = stress(distances, model.fit_transform(distances))
    assert embed(distances).stress < 1.05 * best


def test_stress_is_that_of_kruskal():
    distances = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0.0]])
    line = np.array([[0.0, 0], [1, 0], [2, 0]])
    assert stress(distances, line) == pytest.approx(np.sqrt(1 / 6))


def test_planted_groups_lie_apart(rng):
    labels = np.arange(30) % 3
    found = embed(cloud(rng, labels, 30.0)).coordinates
    centres = np.array([found[labels == label].mean(0) for label in range(3)])
    assert pdist(centres).min() > 10 * max(found[labels == g].std(0).max() for g in range(3))


@pytest.mark.parametrize("networks", [0, 1, 2, 5])
def test_networks_all_alike_lie_at_the_origin(networks):
    found = embed(np.zeros((networks, networks)))
    np.testing.assert_array_equal(found.coordinates, np.zeros((networks, 2)))
    assert found.stress == 0


def test_two_networks_lie_at_their_distance():
    found = embed(np.array([[0, 3.0], [3, 0]]))
    np.testing.assert_array_equal(found.coordinates, [[1.5, 0], [-1.5, 0]])
    assert found.stress == 0


def test_networks_on_a_line_and_equal_ones_are_no_trouble():
    distances = squareform(pdist(np.array([[0.0], [0], [1], [3]])))
    found = embed(distances)
    assert found.stress < 1e-4
    np.testing.assert_allclose(found.coordinates[:, 1], 0, atol=1e-4)
    assert np.isfinite(found.coordinates).all()
