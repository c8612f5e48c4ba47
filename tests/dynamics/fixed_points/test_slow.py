import numpy as np
import pytest
import torch

from rnnpipe.dynamics.fixed_points.merge import spread
from rnnpipe.dynamics.fixed_points.slow import slow_states
from rnnpipe.dynamics.maps import Dynamics

LEVELS = (1e-6, 1e-8, 1e-10)


def around_the_ring(count=300):
    rng = np.random.default_rng(0)
    angle, radius = rng.uniform(0, 2 * np.pi, count), rng.uniform(0.7, 1.3, count)
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)


def largest_gap(states):
    angles = np.sort(np.arctan2(states[:, 1], states[:, 0]))
    return np.diff(np.append(angles, angles[0] + 2 * np.pi)).max()


def beaded_ring(ring: Dynamics, drift: float) -> Dynamics:
    """The ring with a drift along it that vanishes at eight angles only."""

    def along(states: torch.Tensor) -> torch.Tensor:
        angle = torch.atan2(states[:, 1], states[:, 0])
        across = torch.stack([-states[:, 1], states[:, 0]], 1)
        return drift * torch.sin(4 * angle)[:, None] * across

    def step(states: torch.Tensor) -> torch.Tensor:
        return ring.step(states) + along(states)

    def jacobian(states: torch.Tensor) -> torch.Tensor:
        total = torch.func.jacrev(lambda h: along(h[None])[0])
        return ring.jacobian(states) + torch.func.vmap(total)(states)

    return Dynamics(step, jacobian, 2, unbounded="a polynomial")


def test_a_ring_is_covered_at_every_level(ring):
    states = around_the_ring()
    found = slow_states(ring, states, spread(states), LEVELS)
    for level in LEVELS:
        np.testing.assert_allclose(np.linalg.norm(found[level], axis=1), 1, atol=1e-2)
        assert largest_gap(found[level]) < 0.2


def test_an_approximate_ring_is_whole_where_its_drift_allows(ring):
    """With a drift of 1e-3, q on the ring is at most 0.5e-6: beads show only below that."""
    beaded = beaded_ring(ring, 1e-3)
    states = around_the_ring()
    found = slow_states(beaded, states, spread(states), LEVELS)
    assert largest_gap(found[1e-6]) < 0.2
    assert largest_gap(found[1e-10]) > 0.5


@pytest.mark.parametrize("level", LEVELS)
def test_snapshots_are_below_their_level(ring, level):
    states = around_the_ring()
    found = torch.from_numpy(slow_states(ring, states, spread(states), LEVELS)[level])
    assert (0.5 * (ring.step(found) - found).square().sum(1) < level).all()


def test_a_line_attractor_of_a_network_is_covered(make_tanh):
    """One unit excites itself with weight 1: near 0 it holds any value for long."""
    rng = np.random.default_rng(1)
    weights = torch.diag(torch.tensor([1.0, 0.3, -0.4, 0.1], dtype=torch.float64))
    states = rng.uniform(-0.1, 0.1, (200, 4))
    found = slow_states(make_tanh(weights), states, spread(states), (1e-6,))[1e-6]
    line = np.sort(found[:, 0])
    # Where q = (h^3 / 3)^2 / 2 is below 1e-6, and nowhere else.
    reach = (3 * np.sqrt(2e-6)) ** (1 / 3)
    assert line.min() < -0.85 * 0.1
    assert line.max() > 0.85 * 0.1
    assert np.abs(line).max() < reach
    assert np.diff(line).max() < 0.02


def test_each_start_is_kept_once_per_level(ring):
    states = around_the_ring(50)
    found = slow_states(ring, states, spread(states), LEVELS, distance=0.0, most=1000)
    assert all(len(kept) == 50 for kept in found.values())


def test_isolated_points_stay_isolated(cube):
    states = np.random.default_rng(2).uniform(-1, 1, (200, 3))
    found = slow_states(cube, states, spread(states), (1e-10,))[1e-10]
    assert 8 <= len(found) <= 27


def test_states_are_thinned_and_limited(ring):
    states = around_the_ring()
    found = slow_states(ring, states, spread(states), (1e-6,), distance=0.1, most=20)[1e-6]
    assert len(found) == 20


def test_a_level_that_nothing_reaches_is_empty():
    moving = Dynamics(lambda h: h + 1, lambda h: torch.eye(2).double().repeat(len(h), 1, 1), 2)
    assert slow_states(moving, np.zeros((4, 2)), 1.0, (1e-6,))[1e-6].shape == (0, 2)
