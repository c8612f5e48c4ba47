import numpy as np
import pytest

from rnnpipe.dynamics.spread import deviation, spread


def test_spread_is_a_distance_and_scales():
    square = np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    assert spread(square) == pytest.approx(np.sqrt(2))
    assert spread(3 * square + 7) == pytest.approx(3 * np.sqrt(2))


def test_equal_states_have_spread_one():
    assert spread(np.full((10, 3), 0.1)) == 1.0
    assert deviation(np.full((10, 3), 0.1)) < 1e-15
