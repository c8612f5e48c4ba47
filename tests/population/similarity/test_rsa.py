import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr

from rnnpipe.population.similarity.rsa import dissimilarities, rsa
from tests.population.similarity.related_populations import assert_proper, moved, states


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_dissimilarities_are_distances_between_evenly_chosen_samples(rng):
    array = states(rng)
    chosen = array[[0, 150, 299]]
    found = dissimilarities(array, samples=3)
    distances = cdist(chosen, chosen)
    np.testing.assert_allclose(found, [distances[0, 1], distances[0, 2], distances[1, 2]])
    assert len(dissimilarities(array[:5])) == 10


def test_all_pairs_agree_with_spearman(rng):
    vectors = rng.integers(0, 9, (6, 40)).astype(float)
    found = rsa(vectors)
    assert_proper(found)
    np.testing.assert_allclose(found, 1 - spearmanr(vectors.T).statistic, atol=1e-12)


def test_a_moved_and_scaled_copy_is_at_zero_and_another_network_is_not(rng):
    array = states(rng)
    vectors = [dissimilarities(a) for a in (array, moved(array, rng, 7.0), states(rng))]
    found = rsa(np.array(vectors))
    assert found[0, 1] < 1e-6
    assert found[0, 2] > 0.5


def test_only_the_order_of_distances_counts(rng):
    vectors = rng.random((2, 50))
    found = rsa(np.vstack([vectors, vectors**3, -vectors]))
    assert found[0, 2] == pytest.approx(0, abs=1e-12)
    assert found[0, 4] == pytest.approx(2)


def test_a_network_that_tells_no_inputs_apart_can_be_compared_with_none(rng):
    vectors = np.vstack([rng.random((2, 10)), np.ones(10)])
    found = rsa(vectors)
    assert_proper(found)
    assert np.isnan(found[2, :2]).all()
    assert np.isfinite(found[:2, :2]).all()
