import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from rnnpipe.population.similarity.function import function_distances
from tests.population.similarity.related_populations import assert_proper


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_it_is_the_relative_rms_difference_of_every_pair(rng):
    targets = 3 + rng.normal(size=(50, 2))
    outputs = targets + rng.normal(size=(7, 50, 2))
    found = function_distances(outputs, targets)
    assert_proper(found)
    spread = np.sqrt(targets.var(axis=0).mean())
    expected = squareform(pdist(outputs.reshape(7, -1))) / 10 / spread
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_equal_outputs_are_at_zero_however_wrong(rng):
    targets = rng.normal(size=(50, 2))
    outputs = np.repeat(rng.normal(size=(1, 50, 2)), 3, axis=0)
    assert function_distances(outputs, targets).max() < 1e-7


def test_networks_that_solved_the_task_are_told_apart_to_the_last_digits(rng):
    targets = rng.normal(size=(500, 1))
    outputs = targets + np.array([0, 1e-9, 3e-9])[:, None, None] * np.sqrt(targets.var())
    found = function_distances(outputs, targets)
    np.testing.assert_allclose(found[0], [0, 1e-9, 3e-9], rtol=1e-5)


def test_the_mean_against_the_targets_is_at_one(rng):
    targets = 5 + rng.normal(size=(50, 2))
    mean = np.broadcast_to(targets.mean(0), targets.shape)
    assert function_distances(np.array([targets, mean]), targets)[0, 1] == pytest.approx(1)


def test_a_network_that_diverged_can_be_compared_with_none(rng):
    targets = rng.normal(size=(50, 1))
    outputs = np.array([targets, targets, np.full((50, 1), np.inf)])
    found = function_distances(outputs, targets)
    assert_proper(found)
    assert np.isnan(found[2, :2]).all()
    assert found[0, 1] == 0


def test_by_targets_that_never_vary_no_network_can_be_compared(rng):
    found = function_distances(rng.normal(size=(3, 50, 1)), np.ones((50, 1)))
    assert np.isnan(found[~np.eye(3, dtype=bool)]).all()
    assert (np.diag(found) == 0).all()


def test_targets_that_do_not_fit_are_refused(rng):
    outputs = rng.normal(size=(2, 50, 1))
    with pytest.raises(ValueError, match="spread of nan"):
        function_distances(outputs, np.full((50, 1), np.nan))
    with pytest.raises(ValueError, match="targets have shape"):
        function_distances(outputs, np.ones((50, 2)))


def test_errors_beyond_reach_count_as_the_reach():
    targets = np.sin(np.arange(40.0))[:, None]
    spread = np.sqrt(np.mean((targets - targets.mean(0)) ** 2))
    outputs = targets + spread * np.array([0.0, 2.0, 1e12])[:, None, None]
    distances = function_distances(outputs, targets, reach=3.0)
    assert np.allclose(distances[0], [0, 2, 3])
    assert np.allclose(distances[1], [2, 0, 1])
