import numpy as np
import pytest
import torch

from rnnpipe.dynamics.continua import find_continua
from rnnpipe.dynamics.continua.continuum import count_turns, signed_angle
from rnnpipe.dynamics.spread import spread
from tests.dynamics.continua.slow_curve_maps import around_ring, by_autograd, line_map, ring_map


def found(dynamics, states, points=None):
    points = np.empty((0, dynamics.units)) if points is None else points
    return find_continua(dynamics, states, points, spread(states), np.random.default_rng(0))


def test_a_ring_attractor_is_one_closed_ring_of_its_length_and_rests_everywhere():
    dynamics, basis = ring_map()
    (ring,) = found(dynamics, around_ring(basis, 300, noise=0.1))
    assert ring.kind == "ring" and ring.closed and ring.gap == 0
    closing = np.linalg.norm(ring.states[-1] - ring.states[0])
    assert ring.length + closing == pytest.approx(2 * np.pi, rel=1e-3)
    assert np.abs(ring.drift).max() < 1e-12
    np.testing.assert_allclose(ring.eigenvalue, 1, atol=1e-6)
    y = ring.states @ basis.numpy()
    np.testing.assert_allclose(np.hypot(y[:, 0], y[:, 1]), 1, atol=1e-6)
    np.testing.assert_allclose(y[:, 2:], 0, atol=1e-6)


def test_its_order_goes_round_once():
    dynamics, basis = ring_map()
    (ring,) = found(dynamics, around_ring(basis, 300, noise=0.1))
    y = ring.states @ basis.numpy()
    angle = np.unwrap(np.arctan2(y[:, 1], y[:, 0]))
    steps = np.diff(angle)
    assert (steps > 0).all() or (steps < 0).all()
    assert abs(angle[-1] - angle[0]) == pytest.approx(2 * np.pi, abs=0.11)


def test_drift_along_a_ring_with_beads_is_what_the_map_says_and_changes_sign_at_every_bead():
    dynamics, basis = ring_map(drift=0.01, waves=3)
    (ring,) = found(dynamics, around_ring(basis, 300, noise=0.1))
    y = ring.states @ basis.numpy()
    angle = np.arctan2(y[:, 1], y[:, 0])
    way = np.sign(np.unwrap(angle)[-1] - np.unwrap(angle)[0])
    # The displacement of one update is the chord of the turn.
    np.testing.assert_allclose(ring.drift * way, 0.01 * np.sin(3 * angle), atol=1e-4)
    signs = np.sign(np.append(ring.drift, ring.drift[0]))
    assert (signs[1:] != signs[:-1]).sum() == 6


def test_a_segment_of_resting_points_is_a_line_from_end_to_end():
    dynamics, basis = line_map()
    rng = np.random.default_rng(2)
    states = rng.uniform(-1.5, 1.5, (300, 5)) @ basis.numpy().T
    (line,) = found(dynamics, states)
    assert line.kind == "line" and not line.closed
    ends = np.sort((line.states @ basis.numpy())[[0, -1], 0])
    np.testing.assert_allclose(ends, [-1, 1], atol=0.02)
    assert line.gap == pytest.approx(line.length, rel=1e-6)


def test_an_unending_line_is_followed_only_as_far_as_states_were_visited():
    dynamics = by_autograd(lambda h: h * torch.tensor([1.0, 0.5]).to(h), 2)
    states = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    (line,) = found(dynamics, states)
    assert 1.5 < line.length < 3


def test_discrete_memories_are_no_continuum():
    dynamics = by_autograd(lambda h: torch.tanh(2 * h), 3)
    assert found(dynamics, np.random.default_rng(0).uniform(-1, 1, (200, 3))) == []


def test_two_rings_apart_are_two_rings():
    one, basis = ring_map(units=4)
    shift = 3.0 * basis[:, 2]

    def step(h):
        side = torch.sign(basis[:, 2] @ h)
        return one.step((h - side * shift)[None])[0] + side * shift

    states = around_ring(basis, 150, noise=0.05)
    both = np.concatenate([states + shift.numpy(), states - shift.numpy()])
    rings = found(by_autograd(step, 4), both)
    assert [ring.kind for ring in rings] == ["ring", "ring"]
    assert {float(np.sign((r.states @ basis.numpy())[0, 2])) for r in rings} == {-1.0, 1.0}


def test_known_points_lie_on_the_curve_that_they_belong_to():
    dynamics, basis = ring_map(drift=0.01, waves=2)
    beads = np.array([[np.cos(a), np.sin(a), 0, 0, 0, 0] for a in np.arange(4) * np.pi / 2])
    beads = beads @ basis.numpy().T
    (ring,) = found(dynamics, around_ring(basis, 100, noise=0.1), points=beads)
    node = ring.nodes_at(beads, spread=1.0)
    assert len(set(node)) == 4
    assert np.linalg.norm(beads - ring.states[node], axis=1).max() < 0.03
    assert (ring.nodes_at(0.9 * beads, spread=1.0) == -1).all()


def test_a_single_unit_has_no_curve_and_a_fault_in_the_weights_is_no_crash():
    constant = by_autograd(lambda h: 0.5 * h, 1)
    assert found(constant, np.random.default_rng(0).uniform(-1, 1, (50, 1))) == []
    broken = by_autograd(lambda h: h * torch.nan, 3)
    assert found(broken, np.random.default_rng(0).uniform(-1, 1, (50, 3))) == []


@pytest.mark.parametrize("times", [-2, -1, 0, 1, 3])
def test_a_ring_is_gone_round_a_whole_number_of_times_wherever_it_starts(times):
    way = np.linspace(0, 1, 200, endpoint=False)
    for start in (0.0, 2.5, -3.1):
        angles = start + 2 * np.pi * times * way + 0.3 * np.sin(2 * np.pi * way)
        angles = (angles + np.pi) % (2 * np.pi) - np.pi
        assert count_turns(angles, closed=True) == pytest.approx(times)


def test_a_line_may_go_part_of_the_way():
    assert count_turns(np.linspace(1.0, 1.0 + np.pi, 50), closed=False) == pytest.approx(0.5)
    assert count_turns(np.linspace(1.0, 1.0 - 3 * np.pi, 50), closed=False) == pytest.approx(-1.5)


def test_the_shorter_way_crosses_the_cut():
    assert signed_angle(np.array(-3.0), np.array(3.0)) == pytest.approx(2 * np.pi - 6)
    assert signed_angle(np.array(3.0), np.array(-3.0)) == pytest.approx(6 - 2 * np.pi)
