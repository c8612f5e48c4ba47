"""Runs that end in motion of which everything is known."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.attractors import find_attractors
from tests.dynamics.attractors.maps import (
    Known,
    beside,
    cube_states,
    embedded,
    henon,
    logistic,
    map_of,
    observed,
    switches,
    turning,
)

GOLDEN = (np.sqrt(5) - 1) / 2
RUNS = {"visited": 16, "box": 16, "exponent_steps": 1000}


def found(dynamics, states=None, points=None, seed=1, **settings):
    states = cube_states(dynamics.units) if states is None else states
    points = np.zeros((1, dynamics.units)) if points is None else points
    rng = np.random.default_rng(seed)
    return find_attractors(dynamics, states, points, rng=rng, spread=1.0, **RUNS | settings)


@pytest.mark.parametrize("rotation", [GOLDEN / 37, 1 - GOLDEN, 0.3 + 1e-3 * GOLDEN])
def test_a_limit_cycle_has_its_rotation_radius_and_exponents(rotation):
    near = 0.8 * cube_states(2)  # twice as far away some leave for infinity
    (one,) = found(turning(rotation, radius=0.8).dynamics(), near).attractors
    assert (one.kind, one.visited, one.box) == ("limit cycle", 16, 16)
    assert one.rotation == pytest.approx(rotation, abs=1e-7)
    assert one.period == pytest.approx(1 / rotation, rel=1e-5)
    np.testing.assert_allclose(np.linalg.norm(one.states, axis=1), 0.8, rtol=1e-3)
    assert one.amplitude == pytest.approx(0.8, rel=1e-2)
    # Along the circle nothing changes, across it distances shrink by 1 - 2 · 0.3.
    np.testing.assert_allclose(one.exponents[:2], [0, np.log(0.4)], atol=1e-6)
    assert np.isnan(one.exponents[2])
    np.testing.assert_array_equal(one.frequencies, [one.rotation])


def test_runs_that_settle_slowly_on_a_closed_curve_are_one_limit_cycle():
    """What separates them from the curve halves in 3,500 updates."""
    few = {"visited": 4, "box": 4, "exponent_steps": 400}
    ends = found(turning(GOLDEN / 7, growth=1e-4).dynamics(), 0.5 * cube_states(2), **few)
    (one,) = ends.attractors
    assert (one.kind, one.visited, one.box) == ("limit cycle", 4, 4)
    np.testing.assert_allclose(np.linalg.norm(one.states, axis=1), 1, rtol=0.01)
    assert one.exponents[1] == pytest.approx(-2e-4, rel=0.2)


def test_limit_cycles_side_by_side_are_one_attractor():
    """A rotation: each circle round 0 is closed, and nothing leads from one to another."""
    radius, angle = np.linspace(0.95, 1.05, 16), 2 * np.pi * GOLDEN * np.arange(16)
    states = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    dynamics = turning(GOLDEN / 7, growth=0.0).dynamics()
    ends = found(dynamics, states, np.empty((0, 2)), box=0, steps=1000)
    (one,) = ends.attractors
    assert (one.kind, one.visited) == ("limit cycle", 16)
    np.testing.assert_allclose(one.exponents[:2], 0, atol=1e-6)


def test_runs_that_have_not_settled_on_a_closed_curve_in_the_end_are_slow():
    """What separates them from the curve halves in 17,000 updates: none of 2,000 shows it."""
    quick = {"visited": 4, "box": 4, "steps": 500, "exponent_steps": 400}
    ends = found(turning(GOLDEN / 7, growth=2e-5).dynamics(), 0.5 * cube_states(2), **quick)
    (one,) = ends.attractors
    assert (one.kind, one.visited, one.box) == ("slow", 4, 4)
    assert 1e-6 < one.drift < 1e-4


def test_states_of_a_limit_cycle_are_in_order_of_phase_and_time():
    (one,) = found(turning(GOLDEN / 10).dynamics()).attractors
    angle = np.unwrap(np.arctan2(one.states[:, 1], one.states[:, 0]))
    steps = np.diff(angle)
    np.testing.assert_allclose(np.abs(steps), 2 * np.pi / len(one.states), rtol=1e-2)
    assert (np.sign(steps) == np.sign(steps[0])).all()
    assert one.states[0, 0] == one.states[:, 0].min()
    assert one.times[-1] == pytest.approx(one.period * (1 - 1 / len(one.states)))
    # One update leads as far along the curve as its times say.
    after = torch.from_numpy(one.states[:1])
    after = turning(GOLDEN / 10).step(after)[0].numpy()
    nearest = np.linalg.norm(one.states - after, axis=1).argmin()
    assert one.times[nearest] == pytest.approx(1, abs=one.period / len(one.states))


def test_cycles_that_fill_a_curve_are_a_limit_cycle():
    """With a rotation of exactly 3/10, each state returns after ten updates, whichever it is.

    No cycle attracts its neighbours along the circle; the circle attracts.
    """
    ends = found(turning(0.3).dynamics())
    assert {one.kind for one in ends.attractors} == {"limit cycle"}
    one = ends.attractors[0]
    assert one.rotation == pytest.approx(0.3, abs=1e-7)
    np.testing.assert_allclose(np.linalg.norm(one.states, axis=1), 1, rtol=2e-3)
    assert len(ends.attractors) == 1


def test_a_curve_that_crosses_itself_in_its_leading_plane_keeps_its_rotation():
    """Beside the angle a that turns, cos 2a and sin 3a are seen ten times as large."""
    (one,) = found(observed(turning(GOLDEN / 20)).dynamics()).attractors
    assert one.kind == "limit cycle"
    assert one.rotation == pytest.approx(GOLDEN / 20, abs=1e-7)


def test_a_curve_in_two_pieces_is_one_limit_cycle():
    """The last variable changes its sign with every update; both circles are visited in turn."""
    flips = Known(lambda h: torch.tanh(-2 * h), lambda h, v: -switches(1).push(h, v), 1)
    (one,) = found(beside(turning(GOLDEN / 8), flips).dynamics()).attractors
    assert (one.kind, one.visited, one.box) == ("limit cycle", 16, 16)
    sides = np.sign(one.states[:, 2])
    half = len(sides) // 2
    assert (sides[:half] == sides[0]).all() and (sides[half:] == -sides[0]).all()
    np.testing.assert_allclose(np.linalg.norm(one.states[:, :2], axis=1), 1, rtol=1e-3)
    assert one.exponents[0] == pytest.approx(0, abs=1e-6)
    # Two updates lead once round either circle by 2 rho.
    assert one.rotation == pytest.approx(GOLDEN / 8, abs=1e-7)


def test_two_turns_beside_each_other_are_a_torus():
    both = beside(turning(GOLDEN / 7, 1.0), turning(np.sqrt(2) / 11, 0.6))
    (one,) = found(both.dynamics(), cube_states(4, bound=0.5)).attractors
    assert (one.kind, one.visited, one.box, one.dimension) == ("torus", 16, 16, 2)
    np.testing.assert_allclose(one.frequencies, [GOLDEN / 7, np.sqrt(2) / 11], atol=1e-6)
    np.testing.assert_allclose(one.exponents, [0, 0, np.log(0.4)], atol=1e-4)
    assert one.amplitude == pytest.approx(np.hypot(1.0, 0.6), rel=1e-2)


def test_the_logistic_map_at_4_is_chaotic_with_exponent_ln_2():
    states = np.random.default_rng(0).uniform(0.1, 0.9, (50, 1))
    (one,) = found(logistic(4.0), states, box=0).attractors
    assert one.kind == "chaotic"
    assert abs(one.exponents[0] - np.log(2)) < 4 * one.exponent_errors[0] < 0.1
    assert one.dimension == 1


def test_the_exponents_and_dimension_of_henon_s_attractor():
    """Exponents 0.4192 and -1.6232 (their sum is ln 0.3), dimension 1.258."""
    states = np.random.default_rng(0).uniform(-0.1, 0.1, (50, 2))
    (one,) = found(henon().dynamics(), states, points=np.empty((0, 2)), box=0).attractors
    assert one.kind == "chaotic"
    np.testing.assert_allclose(one.exponents[:2], [0.4192, -1.6232], atol=0.03)
    assert one.exponents[:2].sum() == pytest.approx(np.log(0.3))
    assert one.dimension == pytest.approx(1.258, abs=0.02)


def test_a_drift_without_end_is_slow_and_its_speed_is_told():
    def step(h):
        return torch.stack([h[:, 0] + 1e-4, 0.5 * h[:, 1]], dim=1)

    ends = found(map_of(step, 2), points=np.empty((0, 2)), steps=2000)
    assert {one.kind for one in ends.attractors} == {"slow"}
    assert sum(one.visited for one in ends.attractors) == 16
    np.testing.assert_allclose([one.drift for one in ends.attractors], 1e-4, rtol=1e-6)


@pytest.mark.parametrize("rate", [1e-3, 1e-4, 2e-5])
def test_a_slow_approach_is_not_waited_for(rate):
    """Two stable points at -1 and 1, a saddle at 0: x' = x + rate x (1 - x²)."""

    def step(h):
        x = h[:, :1]
        return torch.cat([x + rate * x * (1 - x**2), 0.5 * h[:, 1:]], dim=1)

    states = cube_states(3, count=32)
    points = np.array([[-1.0, 0, 0], [0, 0, 0], [1.0, 0, 0]])
    ends = found(map_of(step, 3), states, points, visited=32, box=0)
    assert [one.kind for one in ends.attractors] == ["fixed", "fixed"]
    assert ends.attractors[0].visited == (states[:, 0] < 0).sum()
    assert ends.attractors[1].visited == (states[:, 0] > 0).sum()


def test_shares_of_a_point_and_a_limit_cycle_cover_their_basins():
    """Inside the unit circle runs fall to 0, outside they go to the circle of radius 2."""
    angle = 2 * np.pi * GOLDEN / 9
    turn = torch.tensor([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]).double()

    def step(h):
        square = h.square().sum(1, keepdim=True)
        return (1 - 0.05 * (1 - square) * (4 - square)).clamp_min(0.6) * (h @ turn)

    dynamics = map_of(step, 2, bound=2.5)
    states = cube_states(2, count=500, bound=1.5)
    ends = found(dynamics, states, seed=2, visited=100, box=100)
    point, cycle = ends.attractors
    assert (point.kind, cycle.kind) == ("fixed", "limit cycle")
    assert point.visited + cycle.visited == point.box + cycle.box == 100
    columns = ends.columns()
    for source, side in (("visited", 3.0), ("box", 5.0)):
        share = np.pi / side**2
        assert columns[f"{source}_low"][0] < share < columns[f"{source}_high"][0]
        assert columns[f"{source}_low"][1] < 1 - share < columns[f"{source}_high"][1]


def test_other_coordinates_and_more_units_change_nothing():
    plain = found(turning(1 - GOLDEN).dynamics()).attractors[0]
    moved, basis = embedded(turning(1 - GOLDEN), 40)
    (one,) = found(moved.dynamics(), 0.2 * cube_states(40)).attractors
    assert one.kind == plain.kind == "limit cycle"
    assert one.rotation == pytest.approx(plain.rotation, abs=1e-7)
    assert one.amplitude == pytest.approx(plain.amplitude, rel=1e-3)
    np.testing.assert_allclose(one.exponents[:2], plain.exponents[:2], atol=1e-6)
    assert one.exponents[2] == pytest.approx(np.log(0.3), abs=1e-4)
    np.testing.assert_allclose(one.states @ basis[:, 2:], 0, atol=1e-6)


def test_a_cycle_of_27_of_a_map_in_straight_pieces():
    """Nine branches of slope -0.9 in turn, three blocks of these: 27 states, none of them near."""
    order = np.random.default_rng(5).permutation(27)
    goal = np.empty(27)
    goal[order] = np.roll(order, -1)
    goal = torch.from_numpy(goal)

    def step(h):
        place = h[:, 0].round().clamp(0, 26)
        return (goal[place.long()] + 0.9 * (h[:, 0] - place))[:, None]

    states = np.random.default_rng(0).uniform(-0.4, 26.4, (50, 1))
    (one,) = found(map_of(step, 1), states, points=np.empty((0, 1)), box=0).attractors
    assert (one.kind, one.period, one.visited) == ("cycle", 27, 16)
    np.testing.assert_allclose(np.sort(one.states[:, 0]), np.arange(27), atol=1e-9)
    assert one.exponents[0] == pytest.approx(np.log(0.9))


def test_the_same_generator_gives_the_same_and_another_tells_the_same():
    dynamics = turning(GOLDEN / 5).dynamics()
    one, again, other = (found(dynamics, seed=seed) for seed in (3, 3, 4))
    for name in ("states", "exponents", "period"):
        np.testing.assert_array_equal(
            getattr(one.attractors[0], name), getattr(again.attractors[0], name)
        )
    assert other.attractors[0].period == pytest.approx(one.attractors[0].period, rel=1e-6)


def test_a_run_ends_where_it_ends_whatever_runs_beside_it():
    dynamics = beside(turning(GOLDEN / 7), switches(2)).dynamics()
    states = cube_states(4, count=8)
    together = found(dynamics, states, visited=8, box=0)
    for run in range(1):
        alone = found(dynamics, states[run : run + 1], visited=1, box=0)
        (row,) = np.flatnonzero((np.random.default_rng(1).permutation(8)[:8]) == run)
        (sole,) = [one for one in alone.attractors if one.visited]
        same = together.attractors[together.ends[row]]
        assert sole.kind == same.kind == "limit cycle"
        np.testing.assert_allclose(
            sole.states[:, 2:].mean(0), same.states[:, 2:].mean(0), atol=1e-6
        )


@pytest.mark.parametrize("steps", [1, 3, 65])
def test_short_runs_are_left_untold_or_slow_and_none_is_lost(steps):
    dynamics = beside(turning(GOLDEN / 7), switches(2)).dynamics()
    ends = found(dynamics, visited=5, box=3, steps=steps, exponent_steps=1, longest_period=1)
    facts = ends.facts()
    assert sum(one.visited for one in ends.attractors) + facts["visited_unassigned"] == 5
    assert sum(one.box for one in ends.attractors) + facts["box_unassigned"] == 3
    assert {one.kind for one in ends.attractors} <= {"limit cycle", "slow", "fixed"}
