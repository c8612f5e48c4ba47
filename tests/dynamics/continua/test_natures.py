"""Slow curves and surfaces with known answers: which of them are attractors."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.continua import Continuum, find_continua
from rnnpipe.dynamics.continua.continuum import count_turns
from rnnpipe.dynamics.continua.nature import TRIALS, longest_attractor, nature
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.spread import spread
from tests.dynamics.continua.slow_curve_maps import (
    arc_map,
    around_ring,
    line_map,
    line_through_saddles,
    on_torus,
    ring_map,
    scaling_map,
    torus_map,
)
from tests.helpers.tanh_networks import tanh_network

TRIAL = 20


def found(dynamics: Dynamics, states: np.ndarray, points=None, seed: int = 0) -> list[Continuum]:
    points = np.empty((0, dynamics.units)) if points is None else points
    rng = np.random.default_rng(seed)
    return find_continua(dynamics, states, points, spread(states), rng, trial=TRIAL, step=0.1)


def box(units: int, count: int = 300) -> np.ndarray:
    return np.random.default_rng(3).uniform(-1, 1, (count, units))


def run(dynamics: Dynamics, states: np.ndarray) -> np.ndarray:
    """The states of a trial from each."""
    visited = [torch.from_numpy(states)]
    for _ in range(TRIAL):
        visited.append(dynamics.step(visited[-1]))
    return torch.cat(visited).numpy()


def kinds(continua: list[Continuum]) -> list[tuple[str, str]]:
    return [(continuum.kind, continuum.nature) for continuum in continua]


@pytest.fixture(scope="module")
def beaded() -> tuple[Dynamics, Continuum]:
    """A ring whose angles move by at most 0.001."""
    dynamics, basis = ring_map(drift=0.001, contraction=0.6)
    (ring,) = found(dynamics, around_ring(basis, 300, noise=0.1))
    return dynamics, ring


def test_a_ring_attractor_is_one_and_says_how_long_its_drift_takes(beaded):
    """Round 2 pi in 6283 updates, 314 trials."""
    _, ring = beaded
    assert (ring.kind, ring.nature, ring.closed, ring.gap) == ("ring", "attractor", True, 0)
    assert ring.transversal.max() == pytest.approx(0.6, abs=1e-3)
    # The length lacks the closing step, at most a tenth of the spread.
    assert ring.crossing == pytest.approx(2 * np.pi / 0.001 / TRIAL, rel=0.03)
    assert ring.fastest == pytest.approx(0.001, rel=0.01)


def test_the_bound_on_the_error_holds_and_is_met(beaded):
    """No state of the ring drifts further than the bound; the fastest one reaches it at first."""
    dynamics, ring = beaded
    states = torch.from_numpy(ring.states)
    for updates in range(1, TRIAL + 1):
        states = dynamics.step(states)
        moved = np.linalg.norm(states.numpy() - ring.states, axis=1)
        assert moved.max() <= ring.error_after(updates) * 1.01
    assert moved.max() > 0.9 * ring.error_after(TRIAL)


def test_a_line_attractor_is_one():
    dynamics, basis = line_map()
    (line,) = found(dynamics, 1.5 * box(5) @ basis.numpy().T)
    assert (line.kind, line.nature) == ("line", "attractor")
    assert line.transversal.max() == pytest.approx(0.6, abs=1e-6)
    assert line.crossing > 1e6 and line.error_after(10**6) < 1e-3


def test_a_ring_that_repels_is_none():
    dynamics, basis = ring_map(contraction=1.3)
    (ring,) = found(dynamics, around_ring(basis, 300, noise=0.05))
    assert (ring.kind, ring.nature) == ("ring", "repelling")
    assert ring.transversal.max() == pytest.approx(1.3, abs=1e-3)


def test_a_ring_with_a_marginal_mode_across_it_is_none():
    assert nature(np.array([0.5, 0.9995]), np.inf) == "marginal"
    assert nature(np.array([1.01, 0.9995]), np.inf) == "repelling"
    assert nature(np.array([0.5, 0.99]), TRIALS) == "attractor"
    assert nature(np.array([0.5, 0.99]), TRIALS - 1) == "leak"


def test_a_leak_is_slow_only_beside_the_next_mode():
    """h' = 0.95 h beside h' = 0: its ends drift by 5 % of half its length per update."""
    (line,) = found(scaling_map(0.95, 0.0), box(2))
    assert (line.kind, line.nature) == ("line", "leak")
    assert line.transversal.max() == 0
    assert line.crossing == pytest.approx(2 / 0.05 / TRIAL, rel=0.1)


def test_the_same_line_holds_if_it_is_slow_enough():
    (line,) = found(scaling_map(0.9995, 0.0), box(2))
    assert (line.kind, line.nature) == ("line", "attractor")
    assert line.crossing == pytest.approx(2 / 0.0005 / TRIAL, rel=0.1)


@pytest.mark.parametrize("gain", [1.05, 1.1, 1.15])
@pytest.mark.parametrize("units", [1, 2, 3])
def test_weak_memories_are_no_continuous_attractor(gain, units):
    """h' = tanh(g h): 3^units fixed points, between which states move within few trials."""
    dynamics = tanh_network(gain * torch.eye(units, dtype=torch.float64))
    continua = found(dynamics, run(dynamics, box(units, 100)))
    assert len(continua) <= 1
    assert all(nature == "leak" for _, nature in kinds(continua))


def test_a_line_through_saddles_repels_beside_two_that_attract():
    dynamics = line_through_saddles(gain=1.3)
    states = run(dynamics, box(3, 60))
    saddles = np.array([[x, 0.0, 0.0] for x in (-1.0, 0.0, 1.0)])
    lines = found(dynamics, states, saddles)
    middle = [line for line in lines if np.abs(line.states[:, 1]).max() < 1e-3]
    sides = [line for line in lines if np.abs(line.states[:, 1]).min() > 0.5]
    assert kinds(middle) == [("line", "repelling")] and len(lines) == 3
    assert middle[0].transversal == pytest.approx(np.full(len(middle[0].states), 1.3), abs=1e-3)
    assert kinds(sides) == [("line", "attractor")] * 2
    bit = np.abs(sides[0].states[0, 1])
    assert sides[0].transversal.max() == pytest.approx(1.3 * (1 - bit**2), abs=1e-3)


@pytest.mark.parametrize("rates", [(1, 1, 0.5, 0.3), (1, 0.9999, 0.5), (1, 1)])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_plane_is_one_surface(rates, seed):
    (plane,) = found(scaling_map(*rates), box(len(rates)), seed=seed)
    assert (plane.kind, plane.nature) == ("surface", "attractor")
    assert plane.transversal.max() == pytest.approx(max(rates[2:], default=0))
    np.testing.assert_allclose(plane.states[:, 2:], 0, atol=1e-3)
    assert 2 < plane.length < 2 * np.sqrt(2) and np.isnan(plane.gap)


def test_a_plane_that_leaks_or_repels_is_none():
    (leak,) = found(scaling_map(0.98, 0.978, 0.0), box(3))
    (away,) = found(scaling_map(1, 1, 1.5), box(3))
    assert kinds([leak, away]) == [("surface", "leak"), ("surface", "repelling")]


@pytest.mark.parametrize("drift", [0.0, 0.001, 0.005])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_torus_of_two_headings_is_one_surface(drift, seed):
    """Beads or not; its fastest states drift by sqrt(2) times the drift of one angle."""
    dynamics, basis = torus_map(drift=drift)
    (torus,) = found(dynamics, on_torus(basis, 300), seed=seed)
    assert (torus.kind, torus.nature) == ("surface", "attractor")
    y = torus.states @ basis.numpy()
    for first in (0, 2):
        np.testing.assert_allclose(np.hypot(y[:, first], y[:, first + 1]), 1, atol=1e-3)
    assert torus.fastest == pytest.approx(np.sqrt(2) * drift, rel=0.15, abs=1e-9)


def test_a_torn_ring_is_an_arc_with_its_gap_of_which_turns_count_what_is_covered():
    dynamics, basis = arc_map(320)
    states = around_ring(basis, 400, noise=0.05)
    angle = np.degrees(np.arctan2(*(states @ basis.numpy()).T[[1, 0]]))
    (arc,) = found(dynamics, states[np.abs(angle) < 160])
    assert (arc.kind, arc.nature, arc.closed) == ("arc", "attractor", False)
    assert arc.gap == pytest.approx(2 * np.sin(np.radians(20)), abs=0.03)
    assert arc.length == pytest.approx(np.radians(320), rel=0.01)
    y = arc.states @ basis.numpy()
    turns = count_turns(np.arctan2(y[:, 1], y[:, 0]), arc.closed)
    assert abs(turns) == pytest.approx(320 / 360, abs=0.01)


def test_of_an_open_curve_the_longest_piece_that_is_an_attractor_is_kept():
    position = np.linspace(0, 10, 101)
    drift = np.where(position < 3, 1.0, 1e-4)
    transversal = np.where(position > 8, 1.1, 0.5)
    piece = longest_attractor(position, drift, transversal, TRIAL)
    assert position[piece][[0, -1]] == pytest.approx([3.0, 8.0])
    assert longest_attractor(position, drift + 1, transversal, TRIAL) == slice(0, 0)
