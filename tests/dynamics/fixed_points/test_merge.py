import numpy as np

from rnnpipe.dynamics.fixed_points.merge import merge, nearest


def test_copies_become_one_point_with_the_best_state():
    states = np.array([[0.0, 0.0], [1.0, 0.0], [1e-6, 0.0], [1.0, 1e-6]])
    merged = merge(states, np.array([3.0, 1.0, 2.0, 4.0]), 1e-3)
    np.testing.assert_array_equal(merged.states, states[[2, 1]])
    np.testing.assert_array_equal(merged.q, [2.0, 1.0])
    np.testing.assert_array_equal(merged.hits, [2, 2])
    np.testing.assert_array_equal(merged.labels, [0, 1, 0, 1])


def test_merging_again_adds_up_hits():
    states = np.array([[0.0], [5.0], [0.0]])
    merged = merge(states, np.ones(3), 0.1, hits=np.array([4, 1, 1]))
    np.testing.assert_array_equal(merged.hits, [5, 1])


def test_points_of_a_curve_do_not_chain_together():
    line = np.linspace(0, 1, 1001)[:, None]
    merged = merge(line, np.zeros(1001), 0.1)
    gaps = np.diff(np.sort(merged.states[:, 0]))
    assert gaps.min() > 0.1
    assert nearest(line, merged.states).max() <= 0.1
    assert merged.hits.sum() == 1001


def test_result_is_the_same_set_in_any_order():
    rng = np.random.default_rng(0)
    states = rng.standard_normal((30, 3)).repeat(4, 0) + 1e-9 * rng.standard_normal((120, 3))
    q = rng.random(120)
    shuffled = rng.permutation(120)
    one, two = merge(states, q, 1e-3), merge(states[shuffled], q[shuffled], 1e-3)
    assert {tuple(s) for s in one.states} == {tuple(s) for s in two.states}
    assert len(one.states) == 30


def test_nothing_merges_to_nothing():
    merged = merge(np.empty((0, 3)), np.empty(0), 0.1)
    assert merged.states.shape == (0, 3)
    assert len(merged.hits) == len(merged.labels) == 0


def test_nearest_of_none_is_infinitely_far():
    assert np.isinf(nearest(np.zeros((2, 3)), np.empty((0, 3)))).all()
