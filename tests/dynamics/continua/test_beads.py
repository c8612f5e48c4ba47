"""Rings that are torn for the trace and closed by the manifolds of their saddles."""

import numpy as np
import pytest
import torch
from torch import Tensor

from rnnpipe.dynamics.continua import Continuum, find_continua
from rnnpipe.dynamics.continua.beads import rings_of_beads, unstable_branches
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.spread import spread
from tests.dynamics.continua.slow_curve_maps import arc_map, around_ring, sharp_saddle_map
from tests.helpers.tanh_networks import tanh_network

TRIAL = 20


def on_circle(basis: Tensor, *degrees: float) -> np.ndarray:
    """States (angle, unit) on the unit circle of a map."""
    angle = np.radians(degrees)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) @ basis.numpy()[:, :2].T


def found(dynamics: Dynamics, basis: Tensor, points: np.ndarray, seed: int = 0) -> list[Continuum]:
    states = around_ring(basis, 200, noise=0.02)
    rng = np.random.default_rng(seed)
    return find_continua(dynamics, states, points, spread(states), rng, trial=TRIAL, step=0.1)


def kinds(continua: list[Continuum]) -> list[tuple[str, str]]:
    return [(continuum.kind, continuum.nature) for continuum in continua]


@pytest.mark.parametrize("seed", [0, 1])
def test_a_ring_goes_on_through_a_saddle_that_is_faster_than_the_modes_across_it(seed):
    """Along the ring lambda is up to 1.04, across it 0.965: nearer to 1, and no way out."""
    dynamics, basis = sharp_saddle_map(growth=0.04, contraction=0.965)
    points = on_circle(basis, 0, 180)
    (ring,) = found(dynamics, basis, points, seed)
    assert (ring.kind, ring.nature, ring.gap) == ("ring", "attractor", 0)
    assert ring.transversal.max() == pytest.approx(0.965, abs=0.005)
    assert ring.eigenvalue.max() == pytest.approx(1.04, abs=1e-3)
    assert np.abs(np.linalg.norm(ring.states, axis=1) - 1).max() < 1e-3
    closing = np.linalg.norm(ring.states[-1] - ring.states[0])
    assert ring.length + closing == pytest.approx(2 * np.pi, rel=1e-3)
    # sin a / (1.1 - cos a) is largest where cos a = 1 / 1.1: 2.18.
    assert ring.fastest == pytest.approx(0.004 * 2.18, rel=0.02)
    angle = np.unwrap(np.arctan2(*(ring.states @ basis.numpy()).T[[1, 0]]))
    way = np.sign(angle[-1] - angle[0])
    expected = 0.004 * np.sin(angle) / (1.1 - np.cos(angle))
    np.testing.assert_allclose(ring.drift * way, expected, atol=1e-4)
    # Without its saddle nobody knows that it is one ring.
    assert all(kind != "ring" for kind, _ in kinds(found(dynamics, basis, points[1:], seed)))


def test_a_ring_that_grows_across_a_stretch_is_no_attractor():
    """The piece of it that was followed and is one stays beside it."""
    dynamics, basis = sharp_saddle_map(growth=0.04, contraction=0.965, growing=0.1)
    ring, *others = found(dynamics, basis, on_circle(basis, 0, 180))
    assert (ring.kind, ring.nature) == ("ring", "repelling")
    assert others and all(other.kind != "ring" for other in others)
    assert ring.transversal.max() == pytest.approx(1.065, abs=0.005)


def test_a_ring_with_a_fast_stretch_leaks():
    """At growth 0.16 the fastest drift goes round in 2 pi / (0.016 * 2.18) = 180 updates."""
    dynamics, basis = sharp_saddle_map(growth=0.16, contraction=0.86)
    ring, *others = found(dynamics, basis, on_circle(basis, 0, 180))
    assert (ring.kind, ring.nature) == ("ring", "leak")
    assert others and all(other.kind != "ring" for other in others)
    assert ring.crossing == pytest.approx(180 / TRIAL, rel=0.03)


def test_a_limit_cycle_is_no_ring_attractor():
    """No state of it rests, and none of its runs ends."""
    dynamics, basis = sharp_saddle_map(growth=0.16, contraction=0.86, turn=0.05)
    assert all(nature == "leak" for _, nature in kinds(found(dynamics, basis, np.empty((0, 6)))))
    assert not list(rings_of_beads(dynamics, on_circle(basis, 0, 90, 180), 1.0, 0.1))


def test_an_arc_of_beads_stays_an_arc():
    """Saddles at 0 and 120 degrees, stable points between them and at either end."""
    dynamics, basis = arc_map(320, drift=0.004)
    ends = torch.from_numpy(on_circle(basis, -161, 161))
    for _ in range(100):
        ends = dynamics.step(ends)
    points = np.concatenate([on_circle(basis, 0, 60, -60, 120, -120), ends.numpy()])
    branches = unstable_branches(dynamics, points, 1.0, 0.1)
    assert sorted((branch.saddle, branch.end) for branch in branches) == [
        (0, 1),
        (0, 2),
        (3, 1),
        (3, 6),
        (4, 2),
        (4, 5),
    ]
    (arc,) = found(dynamics, basis, points)
    assert (arc.kind, arc.nature) == ("arc", "attractor")
    assert arc.length == pytest.approx(np.radians(320), rel=0.02)


def test_chains_of_two_memories_are_closed_and_no_continuum():
    """h' = tanh(1.5 h): four stable points, four saddles between them, one closed chain."""
    dynamics = tanh_network(1.5 * torch.eye(2, dtype=torch.float64))
    level = float(dynamics.iterated(200).step(torch.ones(1, 2, dtype=torch.float64))[0, 0])
    points = level * np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)], dtype=float)
    (ring,) = rings_of_beads(dynamics, points, 1.0, 0.1)
    assert np.abs(ring).max(axis=1) == pytest.approx(np.full(len(ring), level), abs=0.01)
    steps = np.linalg.norm(ring - np.roll(ring, 1, axis=0), axis=1)
    assert steps.sum() == pytest.approx(8 * level, rel=0.01) and steps.max() < 0.4
    states = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    rng = np.random.default_rng(1)
    assert not find_continua(dynamics, states, points, spread(states), rng, trial=TRIAL)


def test_a_run_that_explodes_is_no_branch():
    """h' = 2 h beside a stable point: one side of the saddle goes to infinity."""

    def step(h: Tensor) -> Tensor:
        x = h[:, :1]
        return torch.cat([torch.where(x > 0, 2 * x, torch.tanh(2 * x)), 0.5 * h[:, 1:]], 1)

    dynamics = Dynamics(step, torch.func.vmap(torch.func.jacrev(lambda h: step(h[None])[0])), 2)
    stable = torch.tensor([[-0.9575, 0.0]], dtype=torch.float64)
    for _ in range(100):
        stable = step(stable)
    points = np.concatenate([np.zeros((1, 2)), stable.numpy()])
    (branch,) = unstable_branches(dynamics, points, 1.0, 0.1)
    assert (branch.saddle, branch.end) == (0, 1) and (branch.states[:, 0] < 0).all()
