"""What is proved is true: planted points, random networks against brute force, hard places."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.proof import prove
from rnnpipe.dynamics.proof.start import reduce
from rnnpipe.dynamics.proof.subdivide import subdivide
from tests.dynamics.proof.rate_equations import (
    by_newton,
    drawn,
    equation,
    low_rank,
    matched,
    planted,
    residual,
)

# Where 2 (1 - h²) = 1 on h = tanh(2 h + u): a fold.
FOLD = np.sqrt(0.5)
FOLD_INPUT = np.arctanh(FOLD) - 2 * FOLD


@pytest.mark.parametrize("current", [False, True])
def test_the_cube_has_27_points_and_no_others(current):
    network = equation(2 * np.eye(3), current=current)
    proof = prove(network)
    assert proof.complete and proof.rank == 3
    assert len(proof.states) == 27 and residual(network, proof.states) < 1e-14
    zeros = (np.abs(proof.states) < 1e-9).sum(1)
    np.testing.assert_array_equal(np.sort(zeros), [0] * 8 + [1] * 12 + [2] * 6 + [3])


@pytest.mark.parametrize("phi", ["tanh", "sigmoid", "softplus", "relu"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_planted_points_are_among_those_proved(phi, rank):
    kappas = np.random.default_rng(rank).uniform(-2, 2, (3, rank))
    network, known = planted(kappas, 30, seed=rank, phi=phi)
    proof = prove(network)
    assert proof.complete and proof.rank == rank
    assert residual(network, proof.states) < 1e-10
    apart = np.linalg.norm(proof.states[:, None] - known[None], axis=2).min(0)
    assert apart.max() < 1e-9


@pytest.mark.parametrize(
    ("units", "rank", "gain", "phi"),
    [
        (20, 1, 4.0, "tanh"),
        (20, 2, 6.0, "tanh"),
        (12, 3, 6.0, "tanh"),
        (20, 2, 12.0, "sigmoid"),
        (20, 2, 2.0, "softplus"),
        (20, 2, 2.0, "relu"),
    ],
)
def test_random_networks_have_the_points_of_a_dense_grid_of_starts(units, rank, gain, phi):
    for seed in range(4):
        network = drawn(units, rank, gain, seed, phi)
        proof = prove(network)
        known = by_newton(network, {1: 400, 2: 30, 3: 12}[rank], reach=gain)
        assert proof.complete
        assert matched(proof.states, known), (seed, len(proof.states), len(known))


def test_roots_on_cuts_and_edges_are_found_once():
    """A box symmetric about 0 is cut through roots; one that ends at roots has them on its edge."""
    network = equation(2 * np.eye(2))
    start = reduce(network, 3)
    one = torch.ones(2, dtype=torch.float64)
    whole = subdivide(start.equation, -3 * one, 3 * one, 10_000)
    assert len(whole.low) == 9 and whole.share == 0
    edge = torch.tensor([0.0, -3.0], dtype=torch.float64)
    half = subdivide(start.equation, edge, 3 * one, 10_000)
    kappa = (0.5 * (half.low + half.high)).numpy()
    assert half.share == 0 and len(kappa) == 6
    assert (np.abs(kappa[:, 0]) < 1e-12).sum() == 3


def test_a_double_root_stays_undecided_and_a_near_one_is_told():
    at = prove(equation([[2.0]], FOLD_INPUT))
    assert not at.complete and 0 < at.undecided < 1e-6
    assert len(at.states) == 1  # the third point, which is simple
    below = prove(equation([[2.0]], FOLD_INPUT - 1e-9))
    above = prove(equation([[2.0]], FOLD_INPUT + 1e-9))
    assert below.complete and above.complete
    assert sorted([len(below.states), len(above.states)]) == [1, 3]
    near = sorted(below.states[:, 0]) if len(below.states) == 3 else sorted(above.states[:, 0])
    assert min(np.diff(near)) < 1e-4


def test_a_pitchfork_and_a_curve_of_points_stay_undecided():
    pitchfork = prove(equation([[1.0]]))
    assert not pitchfork.complete and len(pitchfork.states) == 0
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    m = np.stack([np.cos(angle), np.sin(angle)], 1)
    ring = prove(low_rank(m, 4 * m / 400), most_boxes=4000)
    assert not ring.complete
    broken = prove(low_rank(m, [4, 4.01] * m / 400))
    assert broken.complete and len(broken.states) == 5


@pytest.mark.parametrize("gain", [20.0, 400.0])
def test_saturated_directions(gain):
    network = equation(gain * np.eye(3), [0.0, 0.0, 3.0 * gain])
    proof = prove(network)
    assert proof.complete and len(proof.states) == 9
    signs = set(itertools.product((-1, 0, 1), (-1, 0, 1), (1,)))
    assert {tuple(row) for row in np.round(proof.states).astype(int)} == signs


def test_relu_where_its_box_is_bounded_and_where_it_is_not():
    one = prove(equation([[0.5]], 1.0, "relu"))
    assert one.complete and one.states.ravel() == pytest.approx([2.0])
    # A memory: silent, and at the far side of a threshold, where inhibition holds it.
    W, u = np.array([[2.0, -2.0], [1.0, 0.0]]), np.array([-0.5, -1.0])
    memory = prove(equation(W, u, "relu"))
    assert memory.complete
    np.testing.assert_allclose(memory.states[np.argsort(memory.states[:, 0])][0], [0, 0])
    assert len(memory.states) == 3
    line = prove(equation([[1.0]], 0.0, "relu"))
    assert not line.complete and "unbounded" in line.reason
    assert np.isnan(line.undecided) and line.boxes == 0


def test_a_proof_that_is_cut_off_says_how_much_is_left():
    network = drawn(20, 3, 6.0, seed=0)
    whole = prove(network)
    shares = []
    for most in (1, 100, 1000, whole.boxes - 1):
        proof = prove(network, most_boxes=most)
        assert not proof.complete and proof.boxes <= most
        assert matched(proof.states, whole.states) or len(proof.states) < len(whole.states)
        shares.append(proof.undecided)
    assert shares == sorted(shares, reverse=True)
    assert prove(network, most_boxes=whole.boxes).complete


def test_full_weights_of_low_numerical_rank():
    known = drawn(30, 2, 5.0, seed=1)
    expected = prove(known).states
    rng = np.random.default_rng(0)
    for noise in (0.0, 1e-12, 1e-9):
        W = known.recurrent.numpy() + noise * rng.standard_normal((30, 30))
        network = equation(W, known.drive.numpy(), current=True)
        proof = prove(network)
        assert proof.complete and proof.rank == 2
        # They are near the points of the network with its noise: as near as that allows.
        assert residual(network, proof.states) <= 1e-13 + 200 * noise
        assert matched(proof.states, expected, 1e-10 + 1e3 * noise)
    W = known.recurrent.numpy() + 1e-3 * rng.standard_normal((30, 30))
    assert prove(equation(W)).reason == "its rank is above 3"


def test_what_the_rank_leaves_out_widens_what_is_undecided():
    """Two points nearer to each other than weights that are left out could move them."""
    start = reduce(equation([[2.0]], FOLD_INPUT + 1e-9), 3)
    exact = subdivide(start.equation, start.low, start.high, 10_000)
    assert exact.share == 0
    vague = replace(start.equation, unknown=torch.tensor([1e-7], dtype=torch.float64))
    found = subdivide(vague, start.low, start.high, 10_000)
    assert found.share > 0 and len(found.low) == 1
    assert 1e-8 < float((found.high - found.low).max()) < 1e-6


def test_nothing_is_said_of_what_is_no_rate_network_or_not_finite():
    assert prove(None).reason == "it is no rate network"
    assert "not finite" in prove(equation([[np.nan]])).reason
    assert prove(equation(np.eye(5))).reason == "its rank is above 3"
    assert prove(equation(0.5 * np.eye(4)), most_rank=4).complete
    assert prove(equation(np.zeros((2, 2)), 0.3)).states == pytest.approx(np.tanh([[0.3, 0.3]]))
