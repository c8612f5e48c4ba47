import numpy as np
import pytest
import torch

from rnnpipe.dynamics.fixed_points.cycles import find_cycles
from rnnpipe.dynamics.fixed_points.merge import spread
from rnnpipe.dynamics.maps import Dynamics

ROOT = 0.9575040240772687  # of h = tanh(2 h)


def by_autograd(step):
    return torch.func.vmap(torch.func.jacrev(lambda h: step(h[None])[0]))


def visited(units, count=200):
    return np.random.default_rng(0).uniform(-1, 1, (count, units))


def test_alternating_corners_are_found_exactly(make_tanh):
    """Under h' = tanh(-2 h), each corner of the cube alternates with its opposite."""
    network = make_tanh(-2 * torch.eye(3, dtype=torch.float64))
    states = visited(3)
    cycles = find_cycles(network, states, spread(states), rng=np.random.default_rng(1))
    orbits = np.stack(cycles.orbits)
    assert orbits.shape == (4, 2, 3)
    np.testing.assert_allclose(np.abs(orbits), ROOT, atol=1e-10)
    np.testing.assert_allclose(orbits[:, 0], -orbits[:, 1], atol=1e-10)
    assert cycles.share == 1
    assert cycles.hits.sum() == 200


def test_stable_points_are_not_cycles(cube):
    states = visited(3)
    cycles = find_cycles(cube, states, spread(states), rng=np.random.default_rng(1))
    assert len(cycles.orbits) == 0
    assert cycles.share == 0


@pytest.mark.parametrize("period", range(2, 9))
def test_a_map_that_turns_by_a_share_of_a_circle_has_one_cycle_of_that_period(period):
    """The angle is drawn to `period` directions, and each update turns from one to the next."""

    def step(h):
        angle = torch.atan2(h[:, 1], h[:, 0])
        angle = angle - 0.5 / period * torch.sin(period * angle) + 2 * torch.pi / period
        radius = 1 + 0.5 * (h.norm(dim=1) - 1)
        return radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)

    dynamics = Dynamics(step, by_autograd(step), 2)
    cycles = find_cycles(dynamics, visited(2), 1.0, rng=np.random.default_rng(1))
    (orbit,) = cycles.orbits
    assert len(orbit) == period
    directions = np.exp(2j * np.pi * np.arange(period) / period)
    found = orbit[:, 0] + 1j * orbit[:, 1]
    assert np.abs(found[:, None] - directions).min(1).max() < 1e-9
    assert orbit[0, 0] == orbit[:, 0].min()
    assert cycles.share == 1


@pytest.mark.parametrize(("r", "period"), [(3.2, 2), (3.5, 4), (3.55, 8), (3.83, 3)])
def test_the_logistic_map_has_the_period_that_its_parameter_gives(r, period):
    logistic = Dynamics(lambda h: r * h * (1 - h), lambda h: (r * (1 - 2 * h))[..., None], 1)
    states = np.random.default_rng(0).uniform(0.1, 0.9, (50, 1))
    cycles = find_cycles(logistic, states, 0.3, rng=np.random.default_rng(1), steps=2000)
    assert cycles.periods.tolist() == [period]
    assert cycles.hits.tolist() == [50]
    x = cycles.orbits[0][:, 0]
    np.testing.assert_allclose(r * x * (1 - x), np.roll(x, -1), atol=1e-12)
    assert cycles.q[0] < 1e-20


def test_periods_above_the_longest_are_left_out():
    logistic = Dynamics(lambda h: 3.5 * h * (1 - h), lambda h: (3.5 * (1 - 2 * h))[..., None], 1)
    states = np.random.default_rng(0).uniform(0.1, 0.9, (50, 1))
    for longest, found in ((4, 1), (3, 0), (1, 0)):
        rng = np.random.default_rng(1)
        cycles = find_cycles(logistic, states, 0.3, rng=rng, longest=longest, steps=2000)
        assert len(cycles.orbits) == found


def test_share_counts_the_runs_that_end_in_a_cycle(make_tanh):
    """Unit 1 alternates if unit 2 is low; where unit 2 is high, its input pins unit 1."""
    weights = torch.tensor([[-1.5, 3.0], [0.0, 2.0]], dtype=torch.float64)
    bias = torch.tensor([3.0 * ROOT, 0.0], dtype=torch.float64)
    states = visited(2)
    cycles = find_cycles(
        make_tanh(weights, bias), states, spread(states), rng=np.random.default_rng(1)
    )
    assert len(cycles.orbits) == 1
    assert (cycles.orbits[0][:, 1] < 0).all()
    assert cycles.share == (states[:, 1] < 0).mean()
