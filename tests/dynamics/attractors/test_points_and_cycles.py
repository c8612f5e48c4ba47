"""Runs that end at points and in cycles of whole period."""

import itertools

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.attractors import find_attractors
from tests.dynamics.attractors.maps import cube_states, logistic, map_of
from tests.helpers.tanh_networks import tanh_network

ROOT = 0.9575040240772687  # of h = tanh(2 h)
CORNERS = ROOT * np.array(list(itertools.product([-1.0, 1.0], repeat=3)))


def found(dynamics, points=None, states=None, **settings):
    points = np.empty((0, dynamics.units)) if points is None else points
    states = cube_states(dynamics.units) if states is None else states
    rng = np.random.default_rng(1)
    return find_attractors(dynamics, states, points, rng=rng, spread=1.0, **settings)


def test_every_run_of_a_cube_ends_at_the_corner_of_its_octant():
    cube = tanh_network(2 * torch.eye(3, dtype=torch.float64))
    states = cube_states(3, count=64)
    ends = found(cube, np.concatenate([np.zeros((1, 3)), CORNERS]), states)
    assert [one.kind for one in ends.attractors] == ["fixed"] * 8
    assert [one.point for one in ends.attractors] == list(range(1, 9))
    corners = np.stack([one.states[0] for one in ends.attractors])
    octants = [(np.sign(states) == np.sign(corner)).all(1).sum() for corner in corners]
    assert [one.visited for one in ends.attractors] == octants
    assert sum(one.box for one in ends.attractors) == ends.box_runs == 64
    assert ends.moving_share == 0
    assert ends.updates == 64


def test_a_stable_point_in_which_no_run_ends_is_an_attractor_without_runs():
    cube = tanh_network(2 * torch.eye(3, dtype=torch.float64))
    states = np.abs(cube_states(3))
    ends = found(cube, CORNERS, states, box=0)
    assert [one.visited for one in ends.attractors] == [0] * 7 + [64]
    assert np.isnan(ends.columns()["box_share"]).all()


def test_points_that_were_not_known_are_found_by_the_runs_that_rest_there():
    cube = tanh_network(2 * torch.eye(3, dtype=torch.float64))
    ends = found(cube)
    assert len(ends.attractors) == 8
    assert {one.point for one in ends.attractors} == {-1}
    reached = np.stack([one.states[0] for one in ends.attractors])
    np.testing.assert_allclose(np.abs(reached), ROOT, atol=1e-12)


def test_a_run_that_starts_on_a_saddle_is_pushed_off():
    cube = tanh_network(2 * torch.eye(3, dtype=torch.float64))
    ends = found(cube, CORNERS, np.zeros((1, 3)), box=0)
    assert sum(one.visited for one in ends.attractors) == 1


def test_alternating_corners_are_found_exactly():
    """Under h' = tanh(-2 h), each corner of the cube alternates with its opposite."""
    ends = found(tanh_network(-2 * torch.eye(3, dtype=torch.float64)), np.zeros((1, 3)))
    assert [one.kind for one in ends.attractors] == ["cycle"] * 4
    for one in ends.attractors:
        np.testing.assert_allclose(np.abs(one.states), ROOT, atol=1e-10)
        np.testing.assert_allclose(one.states[0], -one.states[1], atol=1e-10)
        # F' = -2 (1 - h^2) in every unit.
        np.testing.assert_allclose(one.exponents, np.log(2 * (1 - ROOT**2)), atol=1e-9)
    assert sum(one.visited for one in ends.attractors) == 64
    assert ends.moving_share == 1


@pytest.mark.parametrize("period", [2, 3, 8, 16, 27])
def test_a_map_that_turns_by_a_share_of_a_circle_has_one_cycle_of_that_period(period):
    """The angle is drawn to `period` directions, and each update turns from one to the next."""

    def step(h):
        angle = torch.atan2(h[:, 1], h[:, 0])
        angle = angle - 0.5 / period * torch.sin(period * angle) + 2 * torch.pi / period
        radius = 1 + 0.5 * (h.norm(dim=1) - 1)
        return radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)

    (one,) = found(map_of(step, 2)).attractors
    assert one.kind == "cycle" and one.period == len(one.states) == period
    directions = np.exp(2j * np.pi * np.arange(period) / period)
    reached = one.states[:, 0] + 1j * one.states[:, 1]
    assert np.abs(reached[:, None] - directions).min(1).max() < 1e-9
    assert (one.visited, one.box) == (64, 64)
    np.testing.assert_allclose(one.exponents[:2], np.log(0.5), atol=1e-6)


@pytest.mark.parametrize(("r", "period"), [(3.2, 2), (3.5, 4), (3.55, 8), (3.83, 3)])
def test_the_logistic_map_has_the_period_that_its_parameter_gives(r, period):
    states = np.random.default_rng(0).uniform(0.1, 0.9, (50, 1))
    (one,) = found(logistic(r), states=states, box=0).attractors
    assert one.period == period and one.visited == 50
    x = one.states[:, 0]
    np.testing.assert_allclose(r * x * (1 - x), np.roll(x, -1), atol=1e-12)


def test_runs_that_diverge_are_counted_apart():
    """Between -1 and 1, h' = h^3 falls to 0; outside it grows without bound."""
    cubic = map_of(lambda h: h**3, 1)
    ends = found(cubic, np.zeros((1, 1)), np.linspace(-2, 2, 64)[:, None], box=0)
    assert (np.abs(np.linspace(-2, 2, 64)) < 1).sum() == ends.attractors[0].visited
    assert ends.facts()["visited_diverged"] == 64 - ends.attractors[0].visited
