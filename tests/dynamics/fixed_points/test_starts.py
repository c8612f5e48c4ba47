import numpy as np
import torch

from rnnpipe.dynamics.fixed_points.starts import along_modes, mix, run_on, whole_range
from rnnpipe.dynamics.maps import Dynamics


def test_mixtures_lie_in_the_convex_hull():
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    mixed = mix(corners, 1000, np.random.default_rng(0))
    assert mixed.min() >= 0
    assert mixed.sum(1).max() <= 1 + 1e-12


def test_mixtures_of_one_state_are_that_state():
    state = np.array([[0.3, -0.7]])
    mixed = mix(state, 5, np.random.default_rng(0))
    np.testing.assert_allclose(mixed, np.repeat(state, 5, 0))


def test_weights_are_uniform_on_the_triangle():
    """For Dirichlet(1, 1, 1), each weight has mean 1/3 and variance 1/18."""
    many = np.eye(1000)
    largest = np.sort(mix(many, 4000, np.random.default_rng(1)), axis=1)[:, -3:]
    assert abs((largest**2).sum(1).mean() - 3 * (1 / 18 + 1 / 9)) < 0.01


def test_same_generator_same_mix():
    states = np.random.default_rng(0).standard_normal((20, 4))
    one, two = (mix(states, 9, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def boxed(low, high):
    """The map h' = 0 with a box."""
    corners = tuple(torch.tensor(side, dtype=torch.float64) for side in (low, high))
    units = len(low)
    zeros = torch.zeros(1, units, units, dtype=torch.float64)
    return Dynamics(torch.zeros_like, lambda h: zeros.expand(len(h), -1, -1), units, corners)


def test_the_range_of_starts_is_the_box_however_little_of_it_is_visited():
    states = np.full((5, 2), 0.3)
    low, high = whole_range(boxed([-1.0, 0.0], [1.0, 1.0]), states)
    np.testing.assert_array_equal([low, high], [[-1, 0], [1, 1]])


def test_of_a_wide_side_the_visited_range_widened_by_half_is_taken():
    states = np.array([[0.0, -1.0], [0.5, 3.0]])
    low, high = whole_range(boxed([-1.0, -100.0], [1.0, 4.0]), states)
    np.testing.assert_array_equal([low, high], [[-1, -3], [1, 4]])


def test_without_a_box_the_visited_range_is_widened_by_half():
    dynamics = Dynamics(torch.zeros_like, lambda h: h, 2)
    low, high = whole_range(dynamics, np.array([[0.0, -1.0], [2.0, 3.0]]))
    np.testing.assert_array_equal([low, high], [[-1, -3], [3, 5]])


def test_a_quarter_each_of_the_starts_has_run_for_0_1_3_and_10_updates():
    halving = Dynamics(lambda h: h / 2, lambda h: h, 1)
    states = np.ones((8, 1))
    np.testing.assert_array_equal(
        run_on(halving, states)[:, 0], np.repeat([1, 1 / 2, 1 / 8, 1 / 1024], 2)
    )
    assert (states == 1).all()


def test_a_state_that_leaves_the_numbers_stays_where_it_last_was():
    bursting = Dynamics(lambda h: torch.where(h < 5, 2 * h, torch.inf), lambda h: h, 1)
    np.testing.assert_array_equal(run_on(bursting, np.ones((4, 1)))[:, 0], [1, 2, 8, 8])


def test_starts_lie_along_the_leading_modes_on_both_sides(make_tanh):
    weights = torch.diag(torch.tensor([0.1, -2.0, 1.5, 0.2, 0.1, 0.1], dtype=torch.float64))
    point = np.zeros((1, 6))
    starts = along_modes(make_tanh(weights), point, 2, 3.0, np.random.default_rng(0))
    expected = np.zeros((12, 6))
    distances = [0.6, -0.6, 1.5, -1.5, 3.0, -3.0]
    expected[:6, 1] = expected[6:, 2] = distances
    np.testing.assert_allclose(np.abs(starts), np.abs(expected), atol=1e-4)
    np.testing.assert_allclose(starts.sum(0), 0, atol=1e-12)


def test_there_are_no_more_modes_than_units(make_tanh):
    network = make_tanh(2 * torch.eye(2, dtype=torch.float64))
    points = np.zeros((3, 2))
    assert along_modes(network, points, 4, 1.0, np.random.default_rng(0)).shape == (36, 2)
    none = along_modes(network, points[:0], 4, 1.0, np.random.default_rng(0))
    assert none.shape == (0, 2)
