import numpy as np
import pytest
import torch

from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.fixed_points.pool import Pool
from rnnpipe.dynamics.fixed_points.starts import along_modes, mix
from rnnpipe.dynamics.maps import Dynamics
from tests.helpers.tanh_networks import tanh_network


def corners_and_way(dynamics, count=60, updates=30):
    """States on the way of trajectories from random starts."""
    rng = np.random.default_rng(0)
    states = torch.from_numpy(rng.uniform(-0.5, 0.5, (count, dynamics.units)))
    visited = []
    for _ in range(updates):
        states = dynamics.step(states)
        visited.append(states)
    return torch.cat(visited).numpy()


def search(dynamics, seed=0, **options):
    states = corners_and_way(dynamics)
    return find_fixed_points(dynamics, states, rng=np.random.default_rng(seed), **options)


def test_all_27_points_of_the_cube(cube):
    found = search(cube)
    assert found.found == len(found.states) == 27
    zeros = (np.abs(found.states) < 1e-9).sum(1)
    np.testing.assert_array_equal(np.sort(zeros), [0] * 8 + [1] * 12 + [2] * 6 + [3])
    # Points of index 1 come first.
    np.testing.assert_array_equal(zeros % 2, [0] * 14 + [1] * 13)
    assert (found.index_sum, found.verdict) == (1, "consistent")
    assert found.missing == 0
    assert found.inside.all()
    assert set(found.kind) == {"fixed"}
    assert found.hits.sum() == found.converged <= found.starts


def test_points_that_are_known_spare_starts(cube):
    alone = search(cube)
    again = search(cube, known=alone.states)
    assert (again.found, again.rounds, again.verdict) == (27, 1, "consistent")
    assert again.starts < alone.starts / 4
    # Of a part whose indices do not add up to 1, modes are tried.
    part = search(cube, known=alone.states[:20])
    np.testing.assert_allclose(np.sort(part.states, 0), np.sort(alone.states, 0), atol=1e-9)


def test_same_generator_same_points(cube):
    one, two = search(cube, seed=5), search(cube, seed=5)
    np.testing.assert_array_equal(one.states, two.states)
    np.testing.assert_array_equal(one.hits, two.hits)


def test_ten_generators_find_the_same_points(make_tanh):
    rng = np.random.default_rng(4)
    network = make_tanh(torch.from_numpy(3 * rng.standard_normal((8, 8)) / np.sqrt(8)))
    found = [search(network, seed=seed) for seed in range(10)]
    points = [f.states[f.kind == "fixed"] for f in found]
    first, *others = [p[np.lexsort(np.round(p, 6).T + 0.0)] for p in points]
    assert len(first) > 5
    for other in others:
        np.testing.assert_allclose(other, first, atol=1e-9)


def test_a_pair_that_no_visited_state_and_no_mode_points_to_is_found(make_tanh):
    """Unit 0 rests at 0.99; its other two points, of opposite index, lie below -0.4.

    At the point visited the unit is saturated, and the four leading modes are
    those of other units.
    """
    weights = torch.diag(torch.tensor([2.5, 0.6, 0.5, 0.4, 0.3], dtype=torch.float64))
    bias = torch.tensor([0.85, 0, 0, 0, 0], dtype=torch.float64)
    network = make_tanh(weights, bias)
    rng = np.random.default_rng(0)
    states = np.tile([0.99, 0, 0, 0, 0], (100, 1)) + 0.005 * rng.standard_normal((100, 5))
    known = Pool(network, states, tolerance=1e-20, distance=1e-4)
    known.add(mix(states, 192, rng), 60)
    known.add(along_modes(network, known.points, 4, known.spread, rng), 0)
    assert len(known.points) == 1 and known.certificate().verdict == "consistent"
    found = find_fixed_points(network, states, rng=rng)
    assert (found.found, found.index_sum) == (3, 1)
    assert (found.states[:, 0] < -0.4).sum() == 2


def test_modes_complete_a_ring_of_many_points():
    """A circle with 30 stable points and 30 saddles, and an unstable point in its middle."""

    def step(h):
        angle, radius = torch.atan2(h[:, 1], h[:, 0]), h.norm(dim=1)
        angle = angle - 0.02 * torch.sin(30 * angle)
        radius = radius + 0.5 * radius * (1 - radius)
        return radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)

    jacobian = torch.func.vmap(torch.func.jacrev(lambda h: step(h[None])[0]))
    ring = Dynamics(step, jacobian, 2, unbounded="a polynomial")
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    states = np.stack([np.cos(angles), np.sin(angles)], 1)
    rng = np.random.default_rng(0)
    drawn = Pool(ring, states, tolerance=1e-20, distance=1e-4)
    drawn.add(mix(states, 96, rng), 60)
    assert len(drawn.points) < 55
    found = find_fixed_points(ring, states, rng=rng)
    radii = np.linalg.norm(found.states[found.kind == "fixed"], axis=1)
    assert (np.abs(radii - 1) < 1e-9).sum() == 60


def test_no_matrix_of_the_network_is_decomposed_into_eigenvectors(monkeypatch):
    """Leading modes are sought in a block of six directions at most."""
    weights = 0.5 * torch.eye(10, dtype=torch.float64)
    weights[:3, :3] *= 4
    eig = torch.linalg.eig

    def small(matrices):
        assert matrices.shape[-1] <= 6
        return eig(matrices)

    def refused(*_, **__):
        raise AssertionError("an eigendecomposition")

    monkeypatch.setattr(torch.linalg, "eig", small)
    for module in (torch.linalg, np.linalg):
        for name in {"eigvals", "eigh", "svd", "svdvals"} & set(dir(module)):
            monkeypatch.setattr(module, name, refused)
    monkeypatch.setattr(np.linalg, "eig", refused)
    assert search(tanh_network(weights)).found == 27


def test_too_few_starts_are_called_incomplete(cube):
    found = search(cube, mixtures=1, box=1, modes=1, rounds=1, most_starts=2)
    assert found.found < 27
    assert (found.verdict == "consistent") == (found.index_sum == 1)
    assert found.rounds == 1
    assert "stopped before modes of" in found.reason


def test_modes_of_points_make_up_for_few_starts(cube):
    assert search(cube, mixtures=1, box=1).found == 27


def test_unused_units_hide_no_point(make_tanh):
    """Three of 100 units are the cube, the others fall to 0."""
    weights = 0.5 * torch.eye(100, dtype=torch.float64)
    weights[:3, :3] *= 4
    found = search(make_tanh(weights))
    assert (found.found, found.index_sum, found.verdict) == (27, 1, "consistent")


def test_random_networks_are_consistent(make_tanh):
    rng = np.random.default_rng(3)
    for _ in range(3):
        weights = torch.from_numpy(1.6 * rng.standard_normal((12, 12)) / np.sqrt(12))
        bias = torch.from_numpy(0.1 * rng.standard_normal(12))
        found = search(make_tanh(weights, bias))
        assert (found.index_sum, found.verdict) == (1, "consistent")
        residual = make_tanh(weights, bias).step(torch.from_numpy(found.states)).numpy()
        fixed = found.kind == "fixed"
        np.testing.assert_allclose(residual[fixed], found.states[fixed], atol=1e-10)


def test_a_ghost_is_slow_and_stays_out_of_the_certificate():
    """A bounded map with one fixed point and one ghost of a vanished pair."""

    def step(h):
        return torch.tanh(2.5 * h + 0.92)

    box = (-torch.ones(1, dtype=torch.float64), torch.ones(1, dtype=torch.float64))
    ghost = Dynamics(step, lambda h: (2.5 * (1 - step(h) ** 2))[..., None], 1, box)
    states = np.linspace(-1, 1, 100)[:, None]
    found = find_fixed_points(ghost, states, rng=np.random.default_rng(0))
    assert list(found.kind) == ["fixed", "slow"]
    assert found.q[1] > 1e-6
    assert (found.found, found.index_sum, found.verdict) == (1, 1, "consistent")


def test_a_continuum_ends_early(ring):
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    states = np.stack([np.cos(angles), np.sin(angles)], 1)
    found = find_fixed_points(ring, states, rng=np.random.default_rng(0))
    assert found.rounds <= 2
    assert found.verdict == "not applicable"
    assert "marginal" in found.reason


def test_network_that_visits_a_single_state(make_tanh):
    network = make_tanh(0.5 * torch.eye(2, dtype=torch.float64))
    found = find_fixed_points(network, np.zeros((10, 2)), rng=np.random.default_rng(0))
    np.testing.assert_allclose(found.states, [[0, 0]], atol=1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_states_that_are_not_finite_are_refused(cube, bad):
    states = np.zeros((5, 3))
    states[2, 1] = bad
    with pytest.raises(ValueError, match="the first is state 2"):
        find_fixed_points(cube, states, rng=np.random.default_rng(0))


@pytest.mark.parametrize("shape", [(0, 3), (5, 2), (3,)])
def test_states_of_another_shape_are_refused(cube, shape):
    with pytest.raises(ValueError, match=r"states must have shape \(state, 3\)"):
        find_fixed_points(cube, np.zeros(shape), rng=np.random.default_rng(0))


def test_broken_weights_are_said_to_be_so(make_tanh):
    broken = make_tanh(torch.full((3, 3), torch.nan, dtype=torch.float64))
    states = np.random.default_rng(0).uniform(-1, 1, (50, 3))
    found = find_fixed_points(broken, states, rng=np.random.default_rng(1))
    assert len(found.states) == 0
    assert found.verdict == "not applicable" and "not finite" in found.reason


def test_a_point_beyond_all_visited_states_is_kept_and_marked():
    """h' = 2 h (1 - h) + h / 10 rests at 0, which is left behind, and at 0.55."""
    dynamics = Dynamics(
        lambda h: 2.1 * h - 2 * h**2, lambda h: (2.1 - 4 * h)[..., None], 1, unbounded="quadratic"
    )
    states = np.random.default_rng(0).uniform(0.2, 0.7, (50, 1))
    found = find_fixed_points(dynamics, states, rng=np.random.default_rng(1))
    order = np.argsort(found.states[:, 0])
    np.testing.assert_allclose(found.states[order, 0], [0, 0.55], atol=1e-10)
    assert found.beyond_visited[order].tolist() == [True, False]
    nearest = np.abs(found.states - states[:, 0]).min(1)
    scale = np.sqrt(np.square(states - states.mean()).mean())
    np.testing.assert_allclose(found.distance, nearest / scale)


def test_where_rounding_makes_far_states_rest_nothing_is_found():
    """h' = h - tanh(h) exp(-h^2 / 16) rests at 0, and in floating point where h is large."""

    def step(h):
        return h - torch.tanh(h) * torch.exp(-(h**2) / 16)

    jacobian = torch.func.vmap(torch.func.jacrev(lambda h: step(h)))
    dynamics = Dynamics(step, jacobian, 1, unbounded="it has none")
    states = np.random.default_rng(0).uniform(-1, 1, (50, 1))
    found = find_fixed_points(dynamics, states, rng=np.random.default_rng(1))
    np.testing.assert_allclose(found.states[found.kind == "fixed"], [[0.0]], atol=1e-9)
    assert "more than 10 times as far out as any visited state" in found.reason
