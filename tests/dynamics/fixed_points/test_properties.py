"""What must hold for every map: equivariance, honest residuals, the sum of indices.

Maps are drawn by hypothesis from seeds, so that every example can be repeated.
"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root
from scipy.stats import ortho_group

from rnnpipe.dynamics.fixed_points import Search, find_fixed_points
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Dynamics
from tests.helpers.tanh_networks import tanh_network

SEEDS = st.integers(0, 10_000)


def examples(count: int) -> settings:
    return settings(max_examples=count, derandomize=True, deadline=None)


def random_network(seed: int, units: int, gain: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights of sd gain / sqrt(units), and small biases."""
    rng = np.random.default_rng([seed, units])
    weights = gain * rng.standard_normal((units, units)) / np.sqrt(units)
    return weights, 0.1 * rng.standard_normal(units)


def tanh_map(weights: np.ndarray, bias: np.ndarray) -> Dynamics:
    return tanh_network(torch.from_numpy(weights), torch.from_numpy(bias))


def search(dynamics: Dynamics, seed: int = 0, **options) -> Search:
    """Search from states on the way from the whole box."""
    states = np.random.default_rng(seed).uniform(-1, 1, (40, dynamics.units))
    visited = [torch.from_numpy(states)]
    for _ in range(10):
        visited.append(dynamics.step(visited[-1]))
    visited = [states for states in visited if bool(torch.isfinite(states).all())]
    return find_fixed_points(
        dynamics, torch.cat(visited).numpy(), rng=np.random.default_rng(seed), **options
    )


def assert_same_states(one: np.ndarray, two: np.ndarray, atol: float = 1e-7) -> None:
    """The same states, in any order."""
    assert one.shape == two.shape
    distance = np.linalg.norm(one[:, None] - two[None], axis=-1)
    match = distance.argmin(1)
    assert sorted(match) == list(range(len(two)))
    assert distance.min(1).max(initial=0.0) < atol


def brute_force(weights: np.ndarray, bias: np.ndarray, per_axis: int) -> np.ndarray:
    """All fixed points of h' = tanh(W h + b), by SciPy's hybrid method from a dense grid."""
    units = len(bias)
    axes = np.meshgrid(*[np.linspace(-1, 1, per_axis)] * units, indexing="ij")
    points = np.empty((0, units))
    for start in np.stack(axes, -1).reshape(-1, units):
        found = root(
            lambda h: np.tanh(weights @ h + bias) - h,
            start,
            jac=lambda h: (1 - np.tanh(weights @ h + bias) ** 2)[:, None] * weights - np.eye(units),
            tol=1e-13,
        )
        exact = np.abs(found.fun).max() < 1e-11
        if exact and (len(points) == 0 or np.linalg.norm(points - found.x, axis=1).min() > 1e-5):
            points = np.concatenate([points, found.x[None]])
    return points


def index_sum(weights: np.ndarray, bias: np.ndarray, points: np.ndarray) -> int:
    """Sum over the points of (-1)^(real eigenvalues above 1)."""
    total = 0
    for h in points:
        slopes = 1 - np.tanh(weights @ h + bias) ** 2
        eigenvalues = np.linalg.eigvals(slopes[:, None] * weights)
        total += (-1) ** int(((eigenvalues.imag == 0) & (eigenvalues.real > 1)).sum())
    return total


@examples(15)
@given(seed=SEEDS, units=st.integers(2, 8))
def test_an_orthogonal_change_of_coordinates_moves_the_root_of_an_affine_map(seed, units):
    rng = np.random.default_rng(seed)
    matrix, offset = rng.standard_normal((units, units)), rng.standard_normal(units)
    turn = ortho_group.rvs(units, random_state=rng)
    starts = rng.standard_normal((5, units))

    def affine(a: np.ndarray, b: np.ndarray) -> Dynamics:
        a, b = torch.from_numpy(a), torch.from_numpy(b)
        return Dynamics(lambda h: h @ a.T + b, lambda h: a.expand(len(h), -1, -1), units)

    plain = solve(affine(matrix, offset), torch.from_numpy(starts))
    turned = solve(affine(turn @ matrix @ turn.T, turn @ offset), torch.from_numpy(starts @ turn.T))
    assert (plain.status == Status.FIXED).all() and (turned.status == Status.FIXED).all()
    np.testing.assert_allclose(turned.states, plain.states @ turn.T, rtol=1e-6, atol=1e-6)


@examples(6)
@given(seed=SEEDS, units=st.integers(2, 6), gain=st.floats(0.5, 2.5))
def test_the_order_of_the_units_does_not_matter(seed, units, gain):
    weights, bias = random_network(seed, units, gain)
    order = np.random.default_rng(seed).permutation(units)
    plain = search(tanh_map(weights, bias), seed)
    shuffled = search(tanh_map(weights[np.ix_(order, order)], bias[order]), seed)
    assert_same_states(
        shuffled.states[shuffled.kind == "fixed"], plain.states[plain.kind == "fixed"][:, order]
    )
    assert (shuffled.index_sum, shuffled.verdict) == (plain.index_sum, plain.verdict)


@examples(10)
@given(seed=SEEDS, units=st.integers(2, 24), gain=st.floats(0.5, 3.0))
def test_every_point_has_the_residual_that_it_claims(seed, units, gain):
    weights, bias = random_network(seed, units, gain)
    found = search(tanh_map(weights, bias), seed, mixtures=16, box=16, modes=1, rounds=2)
    residuals = np.tanh(found.states @ weights.T + bias) - found.states
    q = 0.5 * np.square(residuals).sum(1)
    np.testing.assert_allclose(found.q, q, rtol=1e-6, atol=1e-28)
    assert (found.q[found.kind == "fixed"] < 1e-20).all()
    assert (found.q[found.kind == "slow"] >= 1e-20).all()


@pytest.mark.parametrize(("units", "per_axis"), [(2, 21), (3, 9)])
@examples(4)
@given(seed=SEEDS, gain=st.floats(1.0, 4.0))
def test_the_search_finds_what_brute_force_finds(units, per_axis, seed, gain):
    weights, bias = random_network(seed, units, gain)
    expected = brute_force(weights, bias, per_axis)
    found = search(tanh_map(weights, bias), seed)
    assert_same_states(found.states[found.kind == "fixed"], expected)
    assert found.index_sum == index_sum(weights, bias, expected) == 1
    assert found.verdict == "consistent"


def assert_honest(seed: int, units: int, gain: float) -> None:
    """Verdict and sum of indices agree with each other and with the points returned."""
    weights, bias = random_network(seed, units, gain)
    found = search(tanh_map(weights, bias), seed, modes=2, rounds=4, most_starts=2000)
    points = found.states[found.kind == "fixed"]
    assert found.index_sum == index_sum(weights, bias, points)
    assert found.verdict == ("consistent" if found.index_sum == 1 else "incomplete")
    assert (np.abs(points) <= 1).all()


@examples(4)
@given(seed=SEEDS, units=st.sampled_from([16, 24, 32]), gain=st.floats(1.5, 3.0))
def test_random_networks_get_the_verdict_that_their_points_deserve(seed, units, gain):
    assert_honest(seed, units, gain)


@pytest.mark.slow
@examples(4)
@given(seed=SEEDS, units=st.sampled_from([48, 64, 100]), gain=st.floats(1.5, 3.0))
def test_larger_random_networks_get_the_verdict_that_their_points_deserve(seed, units, gain):
    assert_honest(seed, units, gain)


@examples(10)
@given(seed=SEEDS, units=st.integers(2, 8), row=st.integers(0, 1), broken=st.booleans())
def test_singular_and_broken_maps_end_in_a_clear_state(seed, units, row, broken):
    """h' = h + c has no fixed point and I - J = 0; NaN weights have no map at all."""
    weights = np.zeros((units, units))
    weights[row] = np.nan
    shift = torch.from_numpy(np.random.default_rng(seed).uniform(0.5, 1, units))
    moving = Dynamics(
        lambda h: h + shift,
        lambda h: torch.eye(units, dtype=torch.float64).expand(len(h), -1, -1),
        units,
        unbounded="a shift",
    )
    dynamics = tanh_map(weights, np.zeros(units)) if broken else moving
    starts = torch.from_numpy(np.random.default_rng(seed).uniform(-1, 1, (10, units)))
    solution = solve(dynamics, starts)
    assert not (solution.status == Status.FIXED).any()
    assert np.isinf(solution.q).all() if broken else np.isfinite(solution.q).all()
    found = search(dynamics, seed, mixtures=8, box=8, rounds=2)
    assert found.found == 0
    assert found.verdict == "not applicable"
    assert found.reason


@examples(8)
@given(seed=SEEDS, units=st.integers(2, 8))
def test_one_broken_start_harms_no_other(seed, units):
    """A map that is NaN in a half-space leaves the starts of the other half their roots."""
    weights, bias = random_network(seed, units, 0.5)
    whole = tanh_map(weights, bias)

    def nan_where(states: torch.Tensor) -> torch.Tensor:
        return torch.where(states[:, :1] > 0.9, torch.nan, 0.0)

    half = Dynamics(
        lambda h: whole.step(h) + nan_where(h),
        lambda h: whole.jacobian(h) + nan_where(h)[..., None],
        units,
        whole.box,
    )
    starts = np.random.default_rng(seed).uniform(-0.5, 0.5, (12, units))
    starts[::3, 0] = 0.95
    solution = solve(half, torch.from_numpy(starts))
    alone = solve(whole, torch.from_numpy(np.delete(starts, np.s_[::3], axis=0)))
    assert (solution.status[::3] == Status.UNCONVERGED).all()
    kept = np.delete(np.arange(12), np.s_[::3])
    assert (solution.status[kept] == Status.FIXED).all()
    np.testing.assert_allclose(solution.states[kept], alone.states, atol=1e-9)
