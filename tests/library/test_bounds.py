"""A user's own step with bounds gets a box and a certificate; bounds that it leaves are refused."""

import numpy as np
import pytest
import torch

import rnnpipe

STATES = np.random.default_rng(0).uniform(-0.9, 0.9, (200, 3))


def cube(h):
    """h' = tanh(2h): 27 fixed points."""
    return torch.tanh(2 * h)


@pytest.mark.parametrize("bounds", [(-1, 1), (-np.ones(3), torch.ones(3)), ([-1, -1, -2], 1)])
def test_a_step_with_bounds_gets_a_certificate(bounds):
    points = rnnpipe.find_fixed_points(cube, STATES, bounds=bounds)
    assert len(points.states) == 27
    assert points.searches.certificate.tolist() == ["consistent"]
    without = rnnpipe.find_fixed_points(cube, STATES)
    assert without.searches.certificate.tolist() == ["not applicable"]


def test_bounds_lead_the_search_where_no_state_was_visited():
    visited = np.random.default_rng(1).uniform(0.3, 1, (50, 3))
    points = rnnpipe.find_fixed_points(cube, visited, bounds=(-1, 1))
    assert len(points.states) == 27


def test_bounds_are_tried_under_every_input():
    def step(h, x):
        return torch.tanh(2 * h) + x

    x = np.zeros((200, 3))
    rnnpipe.find_fixed_points(step, STATES, x, bounds=(-1, 1))
    x[7] = 0.3
    with pytest.raises(ValueError, match=r"variable 0 goes to 1\.2\d+, not within -1 and 1"):
        rnnpipe.find_fixed_points(step, STATES, x, bounds=(-1, 1))


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ((-0.95, 0.95), "does not map the bounds into themselves: .* not within -0.95 and 0.95"),
        ((-0.5, 1), "state 0 lies outside the bounds: its variable 2 is -0.826"),
        ((1, -1), "each low below its high"),
        ((-np.inf, np.inf), "finite"),
        ((-1, 0, 1), r"bounds are \(low, high\)"),
        (1, r"bounds are \(low, high\)"),
        ((np.zeros(2), np.ones(2)), "two arrays of 3 state variables"),
        (("a", "b"), r"bounds are \(low, high\)"),
    ],
)
def test_bounds_that_do_not_hold_are_refused_with_the_reason(bounds, message):
    with pytest.raises(ValueError, match=message):
        rnnpipe.find_fixed_points(cube, STATES, bounds=bounds)


def test_a_map_that_is_not_finite_somewhere_does_not_keep_to_its_bounds():
    with pytest.raises(ValueError, match="variable 0 goes to nan"):
        rnnpipe.find_fixed_points(lambda h: h.sqrt() / 2, np.full((5, 2), 0.3), bounds=(-1, 1))


def test_attractors_are_sought_in_the_bounds_too():
    visited = np.random.default_rng(1).uniform(0.3, 1, (50, 3))
    found = rnnpipe.find_attractors(cube, visited, bounds=(-1, 1))
    assert len(found.points.states) == 27
