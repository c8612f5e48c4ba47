import numpy as np
import pytest
import torch

from rnnpipe.dynamics.fixed_points import batch
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Driven, Dynamics
from tests.helpers.tanh_networks import tanh_network

ROOT = 0.9575040240772687  # of h = tanh(2 h)


def grid(values, units=3):
    axes = torch.meshgrid(*[torch.tensor(values, dtype=torch.float64)] * units, indexing="ij")
    return torch.stack(axes, -1).reshape(-1, units)


def test_every_start_near_a_root_reaches_it(cube):
    roots = grid([-ROOT, 0.0, ROOT])
    solution = solve(cube, roots + 0.05)
    assert (solution.status == Status.FIXED).all()
    np.testing.assert_allclose(solution.states, roots.numpy(), atol=1e-12)


def test_q_is_that_of_the_states_returned(cube):
    starts = torch.from_numpy(np.random.default_rng(0).uniform(-1, 1, (200, 3)))
    solution = solve(cube, starts, newton_iterations=2, levenberg_iterations=2)
    states = torch.from_numpy(solution.states)
    q = 0.5 * (cube.step(states) - states).square().sum(1)
    np.testing.assert_allclose(solution.q, q.numpy(), rtol=1e-12, atol=1e-33)
    assert ((solution.q < 1e-20) == (solution.status == Status.FIXED)).all()


def test_root_of_a_linear_map_takes_one_factorisation():
    rng = np.random.default_rng(1)
    matrix = torch.from_numpy(0.3 * rng.standard_normal((8, 8)))
    offset = torch.from_numpy(rng.standard_normal(8))
    factorised = []

    def jacobian(h):
        factorised.append(len(h))
        return matrix.expand(len(h), 8, 8)

    linear = Dynamics(lambda h: h @ matrix.T + offset, jacobian, 8)
    solution = solve(linear, torch.from_numpy(10 * rng.standard_normal((5, 8))))
    root = torch.linalg.solve(torch.eye(8, dtype=torch.float64) - matrix, offset)
    np.testing.assert_allclose(solution.states, root.expand(5, 8).numpy(), atol=1e-12)
    assert sum(factorised) == 5


def test_a_ghost_is_slow_not_fixed():
    """h' = h + h^2 + e has no real fixed point; its speed is lowest, e, at h = 0."""
    ghost = Dynamics(lambda h: h + h**2 + 1e-3, lambda h: (1 + 2 * h)[..., None], 1)
    solution = solve(ghost, torch.tensor([[0.3], [-0.4]], dtype=torch.float64))
    assert (solution.status == Status.SLOW).all()
    np.testing.assert_allclose(solution.states, 0, atol=1e-5)
    np.testing.assert_allclose(solution.q, 0.5e-6, rtol=1e-3)


def test_levenberg_marquardt_finds_roots_by_itself(make_tanh):
    rng = np.random.default_rng(2)
    weights = torch.from_numpy(1.5 * rng.standard_normal((20, 20)) / np.sqrt(20))
    network = make_tanh(weights)
    starts = torch.from_numpy(rng.uniform(-0.3, 0.3, (100, 20)))
    solution = solve(network, starts, newton_iterations=0)
    fixed = solution.states[solution.status == Status.FIXED]
    assert len(fixed) > 50
    again = network.step(torch.from_numpy(fixed)).numpy()
    np.testing.assert_allclose(again, fixed, atol=1e-10)


def test_starts_on_which_newton_stalls_get_a_second_chance(make_tanh):
    """In a chaotic network Newton alone is trapped nearly everywhere."""
    rng = np.random.default_rng(1)
    network = make_tanh(torch.from_numpy(3 * rng.standard_normal((32, 32)) / np.sqrt(32)))
    states = torch.from_numpy(rng.uniform(-1, 1, (128, 32)))
    solution = solve(network, states)
    assert (solution.status == Status.FIXED).sum() > 40


def test_fixed_points_are_polished_beyond_the_tolerance(cube):
    starts = torch.from_numpy(np.random.default_rng(5).uniform(-1, 1, (200, 3)))
    solution = solve(cube, starts, tolerance=1e-8)
    assert solution.q[solution.status == Status.FIXED].max() < 1e-9


def test_states_stay_in_the_box(make_tanh):
    rng = np.random.default_rng(3)
    network = make_tanh(torch.from_numpy(rng.standard_normal((10, 10))))
    solution = solve(network, torch.from_numpy(rng.uniform(-3, 3, (100, 10))))
    assert np.abs(solution.states).max() <= 1


def test_fate_of_a_start_does_not_depend_on_its_chunk(make_tanh, monkeypatch):
    rng = np.random.default_rng(4)
    network = make_tanh(torch.from_numpy(rng.standard_normal((6, 6))))
    starts = torch.from_numpy(rng.uniform(-1, 1, (50, 6)))
    whole = solve(network, starts)
    monkeypatch.setattr(batch, "CHUNK_BYTES", 7 * 6 * 6 * 8)
    pieces = solve(network, starts)
    np.testing.assert_array_equal(whole.status, pieces.status)
    np.testing.assert_allclose(whole.states, pieces.states, atol=1e-8)


def test_jacobians_held_at_once_are_bounded(make_tanh):
    network = make_tanh(torch.zeros((512, 512), dtype=torch.float64))
    held = []

    def jacobian(states):
        held.append(len(states))
        return network.jacobian(states)

    watched = Dynamics(network.step, jacobian, 512, network.box)
    found = solve(watched, torch.full((20, 512), 0.5, dtype=torch.float64))
    assert (found.status == Status.FIXED).all()
    assert 1 <= max(held) <= batch.CHUNK_BYTES / (8 * 512**2)


def test_no_starts_give_no_states(cube):
    assert solve(cube, torch.empty((0, 3), dtype=torch.float64)).states.shape == (0, 3)


def test_a_singular_jacobian_does_no_harm():
    """At h = 0, I - J of h' = h + h^2 - 1/4 vanishes; its roots are +-1/2."""
    dynamics = Dynamics(lambda h: h + h**2 - 0.25, lambda h: (1 + 2 * h)[..., None], 1)
    starts = torch.tensor([[0.0], [0.4], [-0.4]], dtype=torch.float64)
    solution = solve(dynamics, starts)
    assert list(solution.status) == [Status.SLOW, Status.FIXED, Status.FIXED]
    np.testing.assert_allclose(solution.states[1:, 0], [0.5, -0.5], atol=1e-12)


def test_starts_that_are_not_finite_are_refused(cube):
    starts = torch.zeros((3, 3), dtype=torch.float64)
    starts[1, 0] = torch.nan
    with pytest.raises(ValueError, match="start 1 holds NaN"):
        solve(cube, starts)


def test_starts_of_another_size_are_refused(cube):
    with pytest.raises(ValueError, match=r"\(start, 3\), not \(2, 4\)"):
        solve(cube, torch.zeros((2, 4), dtype=torch.float64))


def test_every_start_is_held_at_its_own_input():
    """h' = tanh(h / 2 + x) has one fixed point for each x."""
    driven = Driven(
        step=lambda h, x: torch.tanh(h / 2 + x),
        jacobian=lambda h, x: (0.5 * (1 - torch.tanh(h / 2 + x) ** 2))[..., None],
        input_jacobian=lambda h, x: (1 - torch.tanh(h / 2 + x) ** 2)[..., None],
        units=1,
        inputs=1,
        box=lambda x: (torch.full((1,), -1.0).double(), torch.full((1,), 1.0).double()),
    )
    inputs = torch.linspace(-2, 2, 37, dtype=torch.float64)[:, None]
    found = solve(driven, torch.zeros(37, 1, dtype=torch.float64), inputs)
    assert (found.status == Status.FIXED).all()
    h = torch.from_numpy(found.states)
    torch.testing.assert_close(torch.tanh(h / 2 + inputs), h, atol=1e-12, rtol=0)
    for i in (0, 18, 36):
        alone = solve(driven.held(inputs[i]), torch.zeros(1, 1, dtype=torch.float64))
        np.testing.assert_allclose(alone.states[0], found.states[i], atol=1e-14)


def test_broken_weights_leave_every_start_unconverged(make_tanh):
    broken = make_tanh(torch.full((3, 3), torch.nan, dtype=torch.float64))
    found = solve(broken, torch.zeros(5, 3, dtype=torch.float64))
    assert (found.status == Status.UNCONVERGED).all()
    assert np.isinf(found.q).all()


def test_where_points_are_about_to_merge_starts_go_on_until_their_step_is_short():
    """h' = (1 + e) h - h^3 has three roots within sqrt(e) of 0, and speed ~ |h|^3 around them."""
    e = 1e-8
    pitchfork = Dynamics(lambda h: (1 + e) * h - h**3, lambda h: (1 + e - 3 * h**2)[..., None], 1)
    starts = torch.linspace(-0.02, 0.02, 40, dtype=torch.float64)[:, None]
    early = solve(pitchfork, starts)
    assert np.abs(early.states).max() > 2 * e**0.5
    found = solve(pitchfork, starts, distance=1e-6)
    assert (found.status == Status.FIXED).all()
    away = np.abs(found.states - np.array([-1, 0, 1]) * e**0.5).min(1)
    assert away.max() < 1e-6


def test_states_that_rest_to_rounding_are_fixed_even_where_steps_are_long():
    """h' = h (1 + 1e-14) up to rounding: every state rests, and no step leads anywhere."""
    line = Dynamics(
        lambda h: h * (1 + 1e-15), lambda h: torch.full_like(h, 1 + 1e-15)[..., None], 1
    )
    found = solve(line, torch.tensor([[0.3], [0.7]], dtype=torch.float64), distance=1e-6)
    assert (found.status == Status.FIXED).all()


def test_what_is_in_vain_for_a_sample_is_not_tried_on_all_starts():
    """h' = h + exp(-h) has no fixed point, and no minimum of speed: starts run off."""
    formed = []

    def jacobian(h):
        formed.append(len(h))
        return (1 - torch.exp(-h))[..., None]

    moving = Dynamics(lambda h: h + torch.exp(-h), jacobian, 1)
    starts = torch.linspace(-3, 1, 400, dtype=torch.float64)[:, None]
    found = solve(moving, starts, newton_iterations=0, levenberg_iterations=10)
    assert (found.status == Status.UNCONVERGED).all()
    assert (found.states != starts.numpy()).sum() == 32
    assert max(formed) == 32


def test_a_slow_state_that_is_met_again_is_in_vain_too():
    """h' = h + (h^2 - 1)^2 + e is slowest at -1 and at 1: the third wave brings nothing new."""
    ghosts = Dynamics(
        lambda h: h + (h**2 - 1) ** 2 + 1e-3, lambda h: (1 + 4 * h * (h**2 - 1))[..., None], 1
    )
    starts = torch.linspace(-2, 2, 400, dtype=torch.float64)[:, None]
    found = solve(ghosts, starts, distance=1e-5, newton_iterations=0)
    slow = found.states[found.status == Status.SLOW]
    np.testing.assert_allclose(np.unique(slow.round(3)), [-1, 1])
    assert (found.states != starts.numpy()).sum() <= 32 + 64


def test_starts_that_are_led_to_a_known_point_end_there():
    """h' = tanh(2 h): the known roots are given inexactly, and come back as they were given."""
    rng = np.random.default_rng(0)
    cube = tanh_network(2 * torch.eye(3, dtype=torch.float64))
    known = grid([-ROOT, 0.0, ROOT])[:20]
    known[known == ROOT] += 1e-11
    starts = torch.from_numpy(rng.uniform(-1, 1, (200, 3)))
    apart = solve(cube, starts, distance=1e-5)
    found = solve(cube, starts, distance=1e-5, known=known)
    np.testing.assert_array_equal(found.status, apart.status)
    np.testing.assert_allclose(found.states, apart.states, atol=1e-10)
    copies = (found.states[:, None] == known.numpy()).all(2).any(1)
    assert copies.sum() > 5 and (found.q[copies] < 1e-20).all()


def test_what_is_known_hides_no_root_beside_it():
    """h' = h + h (h - e)(1 - h): from the known root at 0 the other one is e away."""
    e = 1e-3
    pair = Dynamics(
        lambda h: h + h * (h - e) * (1 - h),
        lambda h: (1 + (h - e) * (1 - h) + h * (1 - h) - h * (h - e))[..., None],
        1,
    )
    starts = torch.linspace(-0.1, 0.1, 60, dtype=torch.float64)[:, None]
    found = solve(pair, starts, distance=1e-7, known=torch.zeros(1, 1, dtype=torch.float64))
    ends = found.states[found.status == Status.FIXED]
    assert (np.abs(ends) < 1e-9).any() and (np.abs(ends - e) < 1e-9).any()


def test_a_start_on_which_newton_stalls_is_given_up_soon():
    """h' = h + 1 + h^2 has no root: Newton's steps jump about the minimum of speed."""
    formed = []

    def jacobian(h):
        formed.append(len(h))
        return (1 + 2 * h)[..., None]

    moving = Dynamics(lambda h: h + 1 + h**2, jacobian, 1)
    solve(moving, torch.tensor([[3.0]]).double(), newton_iterations=30, levenberg_iterations=0)
    assert len(formed) <= 10
