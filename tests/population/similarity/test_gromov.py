import numpy as np
import ot
import pytest

from rnnpipe.population.similarity.gromov import cost_profile, gromov_distances, transition_costs
from tests.population.similarity.random_skeletons import corners, nothing, permuted, random_skeleton
from tests.population.similarity.related_populations import assert_proper


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def distances(skeletons):
    return gromov_distances(np.array([cost_profile(s.transitions) for s in skeletons]))


def test_points_that_lead_to_each_other_are_near():
    transitions = np.array([[0.2, 0.8, 0, 0], [0.4, 0.1, 0, 0.5], [0, 0, 1, 0]])
    expected = [[0, 0.4, 1], [0.4, 0, 1], [1, 1, 0]]
    np.testing.assert_allclose(transition_costs(transitions), expected)


def test_it_never_exceeds_the_gromov_wasserstein_distance(rng):
    skeletons = [corners(1), corners(2), *(random_skeleton(rng, n) for n in (4, 7, 7, 10))]
    found = distances(skeletons)
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
    assert distances([skeleton, other])[0, 1] < 1e-12


def test_a_network_without_points_can_be_compared_with_none():
    found = distances([nothing(), corners(1), corners(2)])
    assert np.isnan(found[0, 1:]).all()
    assert found[1, 2] > 0
