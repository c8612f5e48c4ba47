import numpy as np
import torch

from rnnpipe.dynamics.fixed_points.pool import Pool
from rnnpipe.dynamics.maps import Dynamics


def everything_rests():
    identity = torch.eye(2, dtype=torch.float64)
    return Dynamics(lambda h: h.clone(), lambda h: identity.expand(len(h), -1, -1), 2)


def test_what_was_computed_of_a_point_stays_with_it_when_points_become_one():
    visited = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    pool = Pool(everything_rests(), visited, tolerance=1e-20, distance=1e-2)
    d = pool.distance
    pool.add(np.array([[0.0, 0.0], [1.5 * d, 0.0], [0.5, 0.5]]))
    assert len(pool.index()) == len(pool.eigenvalues()) == len(pool.points) == 3
    pool.q = np.full(3, 1e-25)
    pool.add(np.array([[0.75 * d, 0.0]]))
    assert len(pool.index()) == len(pool.eigenvalues()) == len(pool.points) == 2
    assert pool.certificate(final=True).verdict == "not applicable"
