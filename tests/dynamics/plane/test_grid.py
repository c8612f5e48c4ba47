"""What is shown of κ, and basins: those of the whole network."""

from dataclasses import replace

import numpy as np
import torch

from rnnpipe.dynamics.attractors.targets import Moving
from rnnpipe.dynamics.classes import FIXED, LIMIT_CYCLE
from rnnpipe.dynamics.plane import View, ends, view
from tests.dynamics.plane.networks_of_low_rank import UNITS, drawn, reduced
from tests.helpers.networks import random_states

X = torch.zeros(2, dtype=torch.float64)


def test_a_view_holds_what_is_visited_and_points_nearby():
    visited = np.array([[-1.0, 0.0, 4.0], [1.0, 0.5, 6.0]])
    others = np.array([[1.9, 0.2, 0.0], [9.0, 0.0, 0.0]])
    seen = view(visited, others, visited)
    assert seen.low[0] < -1 and 1.9 < seen.high[0] < 3
    assert seen.low[1] < 0 and 0.5 < seen.high[1] < 1.5
    assert seen.slice.tolist() == [5.0]


def test_a_flat_range_is_widened():
    seen = view(np.array([[-1.0, 2.0], [1.0, 2.0]]), np.empty((0, 2)), np.zeros((1, 2)))
    assert 0.3 < seen.high[1] - seen.low[1] < 1


def test_nodes_are_a_grid_in_the_slice_and_finer_along_a_line():
    nodes = View(np.array([0.0, 10.0]), np.array([1.0, 20.0]), np.array([7.0])).nodes(3)
    assert nodes.shape == (9, 3)
    assert nodes[:4].tolist() == [[0, 10, 7], [0.5, 10, 7], [1, 10, 7], [0, 15, 7]]
    line = View(np.array([0.0]), np.array([1.0]), np.empty(0)).nodes(3)
    assert line.shape == (17, 1) and line[-1, 0] == 1


def test_basins_in_kappa_are_those_of_the_network():
    """States of all kinds end where their κ ends: here at one of two memories, ±κ*."""
    cell, weights = drawn("leaky", 1, 0.3)
    n = 3 * UNITS * weights.m + 0.1 * weights.n
    bistable = replace(weights, n=n, recurrent=weights.m @ n.mT, bias=0 * weights.bias)
    whole, _, plane = reduced(cell, bistable, X)
    states = random_states((200, UNITS), seed=6)
    settled = states
    for _ in range(400):
        settled = whole.held(X).step(settled)
    after = plane.kappa(settled)
    memory = after.abs().max()
    assert memory > 0.5
    assert torch.allclose(after.abs(), memory.expand_as(after))
    attractors = [Moving(FIXED, np.array([[sign * float(memory)]])) for sign in (-1, 1)]
    places = ends(plane, plane.kappa(states).numpy(), attractors, np.zeros((1, 1)), 2.0, 400)
    assert places.tolist() == (after[:, 0] > 0).long().tolist()
    assert ends(plane, np.zeros((1, 1)), attractors, np.zeros((1, 1)), 2.0, 50).tolist() == [-1]


class Turning:
    """Δκ of a circle of radius 1 that attracts all but its middle."""

    def update(self, kappa: torch.Tensor) -> torch.Tensor:
        size = kappa.norm(dim=1, keepdim=True)
        turned = kappa @ torch.tensor([[0.9, 0.435], [-0.435, 0.9]], dtype=kappa.dtype)
        return turned * (1 + 0.2 * (1 - size))


def test_a_limit_cycle_has_a_basin():
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    circle = Moving(LIMIT_CYCLE, np.stack([np.cos(angle), np.sin(angle)], axis=1), 14.0)
    starts = np.array([[0.0, 0.0], [0.01, 0.0], [1.3, 1.0], [0.0, -0.5]])
    assert ends(Turning(), starts, [circle], np.zeros((1, 2)), 3.0, 400).tolist() == [-1, 0, 0, 0]
