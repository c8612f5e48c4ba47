import numpy as np
import torch

from rnnpipe.dynamics.fixed_points.pool import Pool
from rnnpipe.dynamics.maps import Dynamics

VISITED = np.random.default_rng(0).uniform(-1, 1, (50, 2))


def everything_rests():
    identity = torch.eye(2, dtype=torch.float64)
    return Dynamics(lambda h: h.clone(), lambda h: identity.expand(len(h), -1, -1), 2)


def pitchfork(excess):
    """h' = h + excess h - h^3: roots 0 and the square root of excess, twice."""
    return Dynamics(
        lambda h: (1 + excess) * h - h**3,
        lambda h: (1 + excess - 3 * h**2)[..., None],
        1,
        unbounded="a polynomial",
    )


def line_pool(dynamics, distance=1e-4):
    return Pool(dynamics, np.linspace(-1, 1, 50)[:, None], tolerance=1e-20, distance=distance)


def test_states_that_nothing_tells_apart_are_points_no_nearer_than_slow_ones():
    pool = Pool(everything_rests(), VISITED, tolerance=1e-20, distance=1e-2)
    d = pool.distance
    pool.add(np.array([[0.0, 0.0], [1.5 * d, 0.0], [0.5, 0.5]]), 60)
    assert len(pool.points) == 3
    pool.add(np.array([[0.75 * d, 0.0]]), 60)
    assert len(pool.points) <= 3
    assert pool.certificate().verdict == "not applicable"


def test_ends_that_become_one_with_a_neighbour_are_told():
    pool = Pool(everything_rests(), VISITED, tolerance=1e-20, distance=1e-4)
    pool.add(np.array([[0.0, 0.0], [1e-3, 0.0], [0.5, 0.5]]), 60)
    assert len(pool.points) == 2
    told = "1 of 3 starts ended at a degenerate point that cannot be told from its neighbour"
    assert told in pool.left_out()


def test_near_a_degenerate_pitchfork_there_are_three_points():
    """Where q is below 1e-20, states from -6e-4 to 6e-4 pass for fixed; the roots are +-3e-4."""
    pool = line_pool(pitchfork(1e-7))
    pool.add(np.linspace(-1e-3, 1e-3, 201)[:, None], 60)
    root = np.sqrt(1e-7)
    np.testing.assert_allclose(np.sort(pool.points[:, 0]), [-root, 0, root], rtol=1e-5)


def test_a_degenerate_point_is_one():
    pool = line_pool(pitchfork(0.0))
    pool.add(np.linspace(-0.5, 0.5, 201)[:, None], 60)
    assert len(pool.points) == 1
    assert pool.certificate().verdict == "not applicable"


def test_every_point_is_expanded_once():
    pool = line_pool(pitchfork(0.25))
    pool.add(np.array([[0.4], [-0.6], [0.1]]), 60)
    assert len(pool.unexpanded(2)) == 2
    assert len(pool.unexpanded(5)) == len(pool.points) - 2
    pool.add(np.array([[0.45], [0.01]]), 60)
    assert len(pool.unexpanded(5)) == 0


def test_only_independent_starts_count_for_the_estimate_of_missing_points():
    pool = line_pool(pitchfork(0.25))
    pool.add(np.array([[0.45], [0.55]]), 60)
    pool.add(np.array([[0.45], [-0.45]]), 60, drawn=False)
    order = np.argsort(-pool.points[:, 0])
    np.testing.assert_allclose(pool.points[order, 0], [0.5, -0.5])
    assert pool.found.hits[order].tolist() == [3, 1]
    assert pool.found.drawn[order].tolist() == [2, 0]
