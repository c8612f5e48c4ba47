"""Transitions from and to attractors that are no points."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.attractors.targets import LONGEST_DWELL, Moving, separations, targets
from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, LIMIT_CYCLE
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.stability import analyse
from rnnpipe.dynamics.transitions import find_transitions

TURN = 1.0  # radians per update: no number of updates is a whole number of turns
EDGE = 0.5  # of the basin of the point, round which the state turns


def step(states):
    """A stable point at 0, a repelling circle of radius 1/2, a limit cycle of radius 1."""
    square = states.square().sum(1, keepdim=True)
    turned = torch.stack(
        [
            np.cos(TURN) * states[:, 0] - np.sin(TURN) * states[:, 1],
            np.sin(TURN) * states[:, 0] + np.cos(TURN) * states[:, 1],
        ],
        1,
    )
    return turned * (1 + 0.4 * (square - EDGE**2) * (1 - square).clamp(min=-0.5))


def jacobian(states):
    return torch.func.vmap(torch.func.jacrev(lambda h: step(h[None])[0]))(states)


DISK = Dynamics(step, jacobian, 2)


def circle(count, radius=1.0):
    angles = 2 * np.pi * np.arange(count) / count
    return radius * np.stack([np.cos(angles), np.sin(angles)], 1)


@pytest.fixture(scope="module")
def edges():
    stability = analyse(jacobian(torch.zeros((1, 2), dtype=torch.float64)).numpy())
    return find_transitions(
        DISK,
        np.zeros((1, 2)),
        stability.eigenvalues,
        stability.right,
        spread=1.0,
        rng=np.random.default_rng(0),
        moving=[Moving(LIMIT_CYCLE, circle(40), 2 * np.pi / TURN)],
        pulses={"out": lambda h: h + torch.tensor([0.6, 0.0]), "in": lambda h: 0.1 * h},
    )


def rows(edges, source, kind, label=""):
    own = (edges.source == source) & (edges.kind == kind) & (edges.input == label)
    return dict(zip(edges.target[own].tolist(), edges.probability[own].tolist(), strict=True))


def test_what_is_pushed_a_little_comes_back(edges):
    assert rows(edges, 0, "noise") == {0: 1.0}
    assert rows(edges, 1, "noise") == {1: 1.0}


def test_a_pulse_leads_from_the_point_to_the_limit_cycle_and_back(edges):
    assert rows(edges, 0, "input", "out") == {1: 1.0}
    assert rows(edges, 1, "input", "in") == {0: 1.0}


def test_a_pulse_comes_at_phases_all_along_the_curve(edges):
    """Pushed by 0.6 to the right, what stood left and near the axis falls into the point."""
    pulsed = (edges.source == 1) & (edges.input == "out")
    assert edges.trials[pulsed].sum() == 16
    places = circle(40)[np.arange(16) * 40 // 16] + [0.6, 0]
    inside = np.linalg.norm(places, axis=1) < EDGE
    assert 0 < inside.mean() < 1
    assert rows(edges, 1, "input", "out")[0] == inside.mean()


def test_without_the_limit_cycle_its_basin_is_unassigned():
    stability = analyse(jacobian(torch.zeros((1, 2), dtype=torch.float64)).numpy())
    found = find_transitions(
        DISK,
        np.zeros((1, 2)),
        stability.eigenvalues,
        stability.right,
        spread=1.0,
        rng=np.random.default_rng(0),
        pulses={"out": lambda h: h + torch.tensor([0.6, 0.0])},
    )
    assert found.target[found.input == "out"].tolist() == [-1]


def test_nodes_have_the_numbers_they_are_given(edges):
    named = edges.between(np.array([0, 5]))
    assert set(named.source) == {0, 5} and set(named.target) == {0, 5}


class TestTargets:
    def test_the_radius_covers_the_spacing_of_a_sample(self):
        """Midway between neighbours is half of the spacing, whichever way they lie."""
        moving = [Moving(LIMIT_CYCLE, circle(40), 10.0)]
        found = targets(np.zeros((1, 2)), moving, np.array([1.0, 1.0]), 1.0)
        spacing = 2 * np.sin(np.pi / 40)
        assert found.radius[0] == 0.05
        assert found.radius[1:].numpy() == pytest.approx(np.full(40, spacing))

    def test_it_reaches_no_further_than_half_way_to_another_attractor(self):
        moving = [Moving(LIMIT_CYCLE, circle(6), 10.0), Moving(LIMIT_CYCLE, circle(6, 1.2), 10.0)]
        found = targets(np.empty((0, 2)), moving, np.array([0.2, 0.2]), 1.0)
        assert found.radius.numpy() == pytest.approx(np.full(12, 0.1))

    def test_a_cycle_is_met_at_its_states_alone_and_for_whole_periods(self):
        found = targets(np.empty((0, 2)), [Moving(CYCLE, circle(3))], np.array([1.0]), 1.0)
        assert found.period.tolist() == [3] and found.dwell.tolist() == [10]
        assert found.radius.numpy() == pytest.approx(np.full(3, 0.05))

    def test_a_run_stays_for_a_turn_or_long_where_there_is_none(self):
        every = [Moving(LIMIT_CYCLE, circle(9), 12.5), Moving(CHAOTIC, circle(9))]
        assert [attractor.dwell for attractor in every] == [23, LONGEST_DWELL]

    def test_separations_are_those_to_other_groups(self):
        groups = [np.zeros((1, 2)), circle(50), circle(50, 3.0)]
        assert separations(groups, 9.0) == pytest.approx([1.0, 1.0, 2.0])
        assert separations(groups[1:2], 9.0).tolist() == [9.0]
