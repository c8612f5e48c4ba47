"""Branches and bifurcations of maps whose bifurcations are known, and of random networks."""

import numpy as np
import pytest
import torch
from scipy.optimize import brentq

from rnnpipe.dynamics.branches import Branches, find_branches
from rnnpipe.dynamics.branches.sweep import anchors
from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.maps import Driven
from rnnpipe.networks.cells import CELLS
from rnnpipe.networks.cells import driven as network
from tests.dynamics.branches.bifurcating_maps import (
    FLIP,
    HYSTERESIS,
    PITCHFORK,
    RESTS,
    ROTATION,
    driven,
    swept,
)
from tests.helpers.networks import random_weights


def at(found: Branches, value: float) -> np.ndarray:
    """States at a value of the sweep, sorted by their first unit."""
    there = found.states[found.sampled & (np.abs(found.value - value) < 1e-12)]
    return there[there[:, 0].argsort()]


def worst_residual(map_: Driven, found: Branches) -> float:
    states, inputs = torch.from_numpy(found.states), torch.from_numpy(found.value)[:, None]
    return float((map_.step(states, inputs) - states).abs().max())


@pytest.fixture(scope="class")
def found(request):
    """Branches of the class's map over its sweep."""
    return swept(*request.cls.SWEPT)


class TestFold:
    H = 1 / np.sqrt(2)
    VALUE = np.arctanh(H) - 2 * H
    SWEPT = (HYSTERESIS, -1, 1, 21)

    def test_one_branch_turns_twice_where_the_slope_is_one(self, found):
        assert found.ends.tolist() == [["limit", "limit"]]
        assert found.event_kind.tolist() == ["fold", "fold"]
        folds = found.event_value.argsort()
        assert found.event_value[folds] == pytest.approx([self.VALUE, -self.VALUE], abs=1e-9)
        assert found.event_states[folds, 0] == pytest.approx([self.H, -self.H], abs=1e-6)

    def test_three_points_between_the_folds_and_one_outside(self, found):
        for value in np.linspace(-1, 1, 21):
            assert len(at(found, value)) == (3 if abs(value) < abs(self.VALUE) else 1)

    def test_the_middle_of_three_is_unstable(self, found):
        middle = np.abs(found.states[:, 0]) < self.H
        assert found.unstable.tolist() == middle.astype(int).tolist()
        slope = 2 * (1 - found.states[:, 0] ** 2)
        assert found.spectral_radius == pytest.approx(slope, abs=1e-9)

    def test_positions_ascend_along_the_branch(self, found):
        assert (np.diff(found.position) >= 0).all()
        assert ((found.event_position > 0) & (found.event_position < found.position[-1])).all()


class TestPitchfork:
    SWEPT = (PITCHFORK, 0.5, 2.0)

    def test_arms_agree_with_the_equation(self, found):
        for value in np.linspace(0.5, 2, 16):
            states = at(found, value)[:, 0]
            if value <= 1:
                assert states == pytest.approx([0], abs=1e-9)
            else:
                root = brentq(lambda h, g: np.tanh(g * h) - h, 1e-3, 1, args=(value,))
                assert states == pytest.approx([-root, 0, root], abs=1e-9)

    def test_both_branches_name_the_crossing(self, found):
        assert found.event_kind.tolist() == ["branch point", "branch point"]
        assert sorted(found.event_branch) == [0, 1]
        assert found.event_value == pytest.approx([1, 1], abs=1e-8)

    def test_the_trunk_loses_its_stability_to_the_arms(self, found):
        trunk = np.abs(found.states[:, 0]) < 1e-9
        assert (found.unstable[trunk & (found.value > 1)] == 1).all()
        assert (found.unstable[~trunk] == 0).all()


@pytest.mark.parametrize(("map_", "kind", "modes"), [(FLIP, "flip", 1), (ROTATION, "ns", 2)])
def test_a_point_that_starts_to_oscillate(map_, kind, modes):
    found = swept(map_, 0.5, 1.5)
    assert found.event_kind.tolist() == ["flip" if kind == "flip" else "neimark-sacker"]
    assert found.event_value == pytest.approx([1], abs=1e-8)
    assert (found.unstable[found.value > 1 + 1e-6] == modes).all()
    assert (found.unstable[found.value < 1 - 1e-6] == 0).all()


def test_a_product_of_maps_has_the_products_points_and_the_factors_folds():
    weights = torch.tensor([1.0, 0.7], dtype=torch.float64)
    found = swept(driven(lambda h, x: torch.tanh(2 * h + weights * x), 2), -1, 1, 5)
    first = abs(TestFold.VALUE)
    assert [len(at(found, value)) for value in (-1, -0.5, 0, 0.5, 1)] == [1, 9, 9, 9, 1]
    outer, inner = first / 0.7, first
    assert set(found.event_kind) == {"fold"}
    assert np.unique(np.abs(found.event_value).round(7)) == pytest.approx([inner, outer], abs=1e-6)


@pytest.mark.parametrize(("cell", "units"), [("vanilla", 3), ("gru", 3), ("lstm", 2)])
def test_nothing_is_missing_of_random_networks(cell, units):
    """Whatever a full search finds at a value lies on a branch, and every row is a fixed point."""
    weights = random_weights(1, units, 1, 1, seed=units, gain=3.0, cell=cell)
    map_ = network(CELLS[cell]("tanh", 1.0), weights)
    states = np.random.default_rng(0).uniform(-1, 1, (200, map_.units))
    values = np.linspace(-1, 1, 6)
    few = {"mixtures": 32, "box": 32}
    rngs = [np.random.default_rng(number) for number in range(2)]
    found = find_branches(map_, states, np.zeros(1), 0, values, rng=rngs[0], **few)
    assert worst_residual(map_, found) < 1e-9
    for value in values:
        held = map_.held(torch.tensor([value]))
        full = find_fixed_points(held, states, rng=rngs[1], **few)
        points = full.states[full.kind == "fixed"]
        apart = np.linalg.norm(points[:, None] - at(found, value)[None], axis=2)
        assert (apart.min(1) < 1e-6).all()


def test_a_ring_of_slow_points_is_one_closed_branch():
    """Its value moves a thousandth of the sweep while the state goes round."""

    def step(h: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        radius, angle = h.norm(dim=1, keepdim=True), torch.atan2(h[:, 1:], h[:, :1])
        angle = angle + 0.01 * (x - 1e-3 * torch.sin(3 * angle))
        radius = radius + 0.5 * (1 - radius)
        return radius * torch.cat([torch.cos(angle), torch.sin(angle)], dim=1)

    found = swept(driven(step, 2), -0.5, 0.5, 5, mixtures=16, box=16, rounds=2)
    ring = np.flatnonzero((found.ends == "closed").all(1))
    assert ring.tolist() == [0]
    assert found.event_kind.tolist() == ["fold"] * 6
    assert np.abs(found.event_value) == pytest.approx(1e-3, abs=1e-9)
    assert len(at(found, 0)) == 6


def test_a_branch_goes_round_the_corner_of_relu():
    found = swept(driven(lambda h, x: torch.relu(x + 0.8 * h), 1), -1, 1, 6)
    assert found.ends.tolist() == [["limit", "limit"]]
    assert found.states[:, 0] == pytest.approx(5 * found.value.clip(0), abs=1e-9)
    assert len(found.event_kind) == 0


def test_no_fixed_points_give_no_branches():
    found = swept(driven(lambda h, x: h + 1 + 0 * x, 1), -1, 1, 3)
    assert len(found.branch) == len(found.event_kind) == len(found.ends) == 0


def test_the_same_generator_gives_the_same_branches_either_way_round():
    up, down = swept(HYSTERESIS, -1, 1, 5), swept(HYSTERESIS, 1, -1, 5)
    for name, column in vars(up).items():
        assert np.array_equal(column, getattr(down, name)), name


def test_the_input_that_is_not_swept_is_held():
    map_ = driven(lambda h, x: torch.tanh(2 * h + x[:, :1] - x[:, 1:]), 1, inputs=2)
    values = np.linspace(-1, 1, 5)
    rng = np.random.default_rng(0)
    found = find_branches(map_, RESTS[:, :1], np.array([9.0, 0.1]), 0, values, rng=rng)
    shifted = abs(TestFold.VALUE)
    assert sorted(found.event_value) == pytest.approx([0.1 - shifted, 0.1 + shifted], abs=1e-9)


def test_searches_at_the_ends_at_zero_and_between():
    assert anchors(np.linspace(-1, 1, 21), 5) == pytest.approx([-1, -0.3, 0, 0.3, 1], abs=0.051)
    assert anchors(np.linspace(0, 1, 2), 5) == [0, 1]
    assert 0.0 in anchors(np.linspace(-1, 1, 4), 3)
