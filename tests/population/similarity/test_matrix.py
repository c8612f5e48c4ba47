import numpy as np
import pytest

from rnnpipe.population.similarity.matrix import comparable


def test_a_matrix_without_nan_keeps_every_network():
    np.testing.assert_array_equal(comparable(np.zeros((4, 4))), np.arange(4))
    assert len(comparable(np.zeros((0, 0)))) == 0


def test_one_network_that_compares_with_none_goes_alone():
    distances = np.ones((5, 5))
    distances[2] = distances[:, 2] = np.nan
    np.testing.assert_array_equal(comparable(distances), [0, 1, 3, 4])


def test_of_two_that_only_miss_each_other_the_first_stays():
    distances = np.ones((4, 4))
    distances[1, 3] = distances[3, 1] = np.nan
    np.testing.assert_array_equal(comparable(distances), [0, 1, 2])


@pytest.mark.parametrize("share", [0.02, 0.2, 1.0])
def test_what_is_kept_can_all_be_compared_and_nothing_more_could_be(share):
    rng = np.random.default_rng(0)
    distances = rng.random((30, 30))
    distances[rng.random((30, 30)) < share] = np.nan
    np.fill_diagonal(distances, 0)
    kept = comparable(distances)
    block = distances[np.ix_(kept, kept)]
    assert len(kept) and not np.isnan(block + block.T).any()
    if share < 0.1:
        assert len(kept) > 10
