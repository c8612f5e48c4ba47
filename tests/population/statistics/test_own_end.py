"""Where the own end ranks among all ends, and how sure that is."""

import numpy as np
import pytest

from rnnpipe.population.statistics.own_end import foretelling, ranks


@pytest.mark.parametrize(
    ("distances", "rank"),
    [
        ([0.1, 0.2, 0.3, 0.4], 1.0),
        ([0.4, 0.1, 0.2, 0.3], 0.0),
        ([0.2, 0.2, 0.2, 0.2], 0.5),
        ([0.2, 0.1, 0.2, 0.3], 0.5),
        ([0.2, np.nan, 0.1, 0.3], 0.5),
        ([np.nan, 0.1, 0.2, 0.3], np.nan),
        ([0.2, np.nan, np.nan, np.nan], np.nan),
    ],
)
def test_the_rank_of_the_own_end(distances, rank):
    found = ranks(np.array([distances]), np.array([0]))
    np.testing.assert_equal(found, [rank])


def test_four_networks_that_all_foretell_their_end_are_not_enough():
    value, (low, high) = foretelling([1 - np.eye(4)])
    assert value == high == 1 and low < 0.5
    assert foretelling([1 - np.eye(12)])[1][0] > 0.5
    equal = foretelling([np.zeros((12, 12))])
    assert equal[0] == 0.5 and equal[1][0] < 0.5 < equal[1][1]


def test_networks_that_cannot_be_compared_foretell_nothing():
    unknown = 1 - np.eye(12)
    unknown[:6] = np.nan
    value, (low, high) = foretelling([unknown])
    assert value == 0.5 and low < 0.5 < high
