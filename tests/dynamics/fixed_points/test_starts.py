import numpy as np

from rnnpipe.dynamics.fixed_points.search import mixtures, noisy_mixtures


def test_mixtures_lie_in_the_convex_hull():
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    mixed = mixtures(corners, 1000, np.random.default_rng(0))
    assert mixed.min() >= 0
    assert mixed.sum(1).max() <= 1 + 1e-12


def test_mixtures_of_one_state_are_that_state():
    state = np.array([[0.3, -0.7]])
    mixed = mixtures(state, 5, np.random.default_rng(0))
    np.testing.assert_allclose(mixed, np.repeat(state, 5, 0))


def test_weights_are_uniform_on_the_triangle():
    """For Dirichlet(1, 1, 1), each weight has mean 1/3 and variance 1/18."""
    many = np.eye(1000)
    largest = np.sort(mixtures(many, 4000, np.random.default_rng(1)), axis=1)[:, -3:]
    assert abs((largest**2).sum(1).mean() - 3 * (1 / 18 + 1 / 9)) < 0.01


def test_same_generator_same_mixtures():
    states = np.random.default_rng(0).standard_normal((20, 4))
    one, two = (mixtures(states, 9, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_length_of_noise_does_not_depend_on_units():
    for units in (2, 200):
        moved = noisy_mixtures(np.zeros((1, units)), 2000, 0.5, np.random.default_rng(2))
        assert abs(np.sqrt((moved**2).sum(1).mean()) - 0.5) < 0.02
