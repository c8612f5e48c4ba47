import numpy as np
import torch

from rnnpipe.fixed_points.cycles import find_cycles
from rnnpipe.fixed_points.merge import spread

ROOT = 0.9575040240772687  # of h = tanh(2 h)


def visited(units, count=200):
    return np.random.default_rng(0).uniform(-1, 1, (count, units))


def test_alternating_corners_are_found_exactly(make_tanh):
    """Under h' = tanh(-2 h), each corner of the cube alternates with its opposite."""
    network = make_tanh(-2 * torch.eye(3, dtype=torch.float64))
    states = visited(3)
    cycles = find_cycles(network, states, spread(states), rng=np.random.default_rng(1))
    assert cycles.orbits.shape == (4, 2, 3)
    np.testing.assert_allclose(np.abs(cycles.orbits), ROOT, atol=1e-10)
    np.testing.assert_allclose(cycles.orbits[:, 0], -cycles.orbits[:, 1], atol=1e-10)
    assert cycles.share == 1
    assert cycles.runs == cycles.hits.sum() == 200


def test_stable_points_are_not_cycles(cube):
    states = visited(3)
    cycles = find_cycles(cube, states, spread(states), rng=np.random.default_rng(1))
    assert len(cycles.orbits) == 0
    assert cycles.share == 0


def test_a_longer_cycle_is_not_reported(make_tanh):
    turn = 3 * torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
    states = visited(2)
    cycles = find_cycles(make_tanh(turn), states, spread(states), rng=np.random.default_rng(1))
    assert len(cycles.orbits) == 0


def test_share_counts_the_runs_that_end_in_a_cycle(make_tanh):
    """Unit 1 alternates if unit 2 is low; where unit 2 is high, its input pins unit 1."""
    weights = torch.tensor([[-1.5, 3.0], [0.0, 2.0]], dtype=torch.float64)
    bias = torch.tensor([3.0 * ROOT, 0.0], dtype=torch.float64)
    states = visited(2)
    cycles = find_cycles(
        make_tanh(weights, bias), states, spread(states), rng=np.random.default_rng(1)
    )
    assert len(cycles.orbits) == 1
    assert (cycles.orbits[0, :, 1] < 0).all()
    assert cycles.share == (states[:, 1] < 0).mean()
