import itertools
import pickle

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.attractors.targets import separations
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.stability import analyse
from rnnpipe.dynamics.transition_graph import to_digraph
from rnnpipe.dynamics.transitions import Edges, find_transitions, unstable_directions

ROOT = 0.9575040240772687  # of h = tanh(2 h)


def cube_step(states, pulse=None):
    drive = 0.0 if pulse is None else torch.tensor(pulse, dtype=torch.float64)
    return torch.tanh(2 * states + drive)


@pytest.fixture
def cube():
    """h' = tanh(2 h), three units."""
    identity = torch.eye(3, dtype=torch.float64)
    one = torch.ones(3, dtype=torch.float64)
    return Dynamics(
        cube_step, lambda h: 2 * (1 - cube_step(h) ** 2)[..., None] * identity, 3, (-one, one)
    )


POINTS = np.array(list(itertools.product([-ROOT, 0.0, ROOT], repeat=3)))
ZEROS = (POINTS == 0).sum(1)


def run(dynamics, points, **options):
    stability = analyse(dynamics.jacobian(torch.from_numpy(points)).numpy())
    options = {"spread": 1.0, "rng": np.random.default_rng(0)} | options
    return find_transitions(dynamics, points, stability.eigenvalues, stability.right, **options)


def targets(edges, source, kind):
    return set(edges.target[(edges.source == source) & (edges.kind == kind)])


@pytest.fixture
def cube_edges(cube):
    return run(cube, POINTS)


def test_noise_sends_a_saddle_to_all_its_corners_and_no_others(cube_edges):
    for source, point in enumerate(POINTS):
        free = point == 0
        corners = set(np.flatnonzero((ZEROS == 0) & (point == POINTS)[:, ~free].all(1)))
        assert len(corners) == 2 ** ZEROS[source]
        assert targets(cube_edges, source, "noise") == corners


def test_noise_is_roughly_uniform_over_corners(cube):
    edges = run(cube, POINTS, perturbations=1000)
    noise = edges.kind == "noise"
    expected = 0.5 ** ZEROS[edges.source[noise]]
    np.testing.assert_allclose(edges.probability[noise], expected, atol=0.08)


def test_manifold_of_a_saddle_leads_to_its_two_neighbours(cube_edges):
    for source in np.flatnonzero(ZEROS == 1):
        ends = targets(cube_edges, source, "unstable manifold")
        middle = np.mean([POINTS[end] for end in ends], axis=0)
        assert len(ends) == 2
        np.testing.assert_allclose(middle, POINTS[source], atol=1e-9)


def test_stable_points_have_no_manifold(cube_edges):
    manifold = cube_edges.source[cube_edges.kind == "unstable manifold"]
    assert set(ZEROS[manifold]) == {1, 2, 3}


def test_probabilities_sum_to_one_per_source_kind_and_input(cube):
    pulses = {"up": lambda h: cube_step(h, [3.0, 0, 0])}
    edges = run(cube, POINTS, pulses=pulses, steps=3)
    assert (edges.target == -1).any()
    sums = {}
    for key in zip(edges.source, edges.kind, edges.input, strict=True):
        sums[key] = 0.0
    for *key, p in zip(edges.source, edges.kind, edges.input, edges.probability, strict=True):
        sums[tuple(key)] += p
    np.testing.assert_allclose(list(sums.values()), 1)


def test_pulses_move_one_coordinate(cube):
    pulses = {
        f"{unit}{sign:+d}": (
            lambda h, u=unit, s=sign: cube_step(h, [4.0 * s * (k == u) for k in range(3)])
        )
        for unit in range(3)
        for sign in (-1, 1)
    }
    edges = run(cube, POINTS, pulses=pulses)
    pulsed = edges.kind == "input"
    assert pulsed.sum() == 8 * 6
    for source, target, label in zip(
        edges.source[pulsed], edges.target[pulsed], edges.input[pulsed], strict=True
    ):
        expected = POINTS[source].copy()
        expected[int(label[0])] = ROOT * int(label[1:])
        np.testing.assert_allclose(POINTS[target], expected)


def test_passing_near_a_saddle_is_not_settling(cube):
    """A push that lands almost on a saddle still ends at a corner."""
    near = torch.tensor([[1e-6, ROOT, ROOT]], dtype=torch.float64)
    edges = run(cube, POINTS, pulses={"near": lambda h: near.repeat(len(h), 1)})
    pulsed = edges.kind == "input"
    assert (POINTS[edges.target[pulsed]] > 0).all()
    assert (edges.median_steps[pulsed] > 10).all()


def test_unassigned_trials_have_no_steps(cube):
    edges = run(cube, POINTS, steps=0)
    assert (edges.target == -1).all()
    assert np.isnan(edges.median_steps).all()


def test_cycles_and_rest_elsewhere_are_unassigned():
    """Unit 1 alternates where unit 2 is low; its attractors are not points."""
    weights = torch.tensor([[-2.0, 0.0], [0.0, 2.0]], dtype=torch.float64)

    def step(states):
        return torch.tanh(states @ weights.T)

    dynamics = Dynamics(step, lambda h: (1 - step(h) ** 2)[..., None] * weights, 2)
    points = np.array([[0.0, -ROOT], [0.0, ROOT], [0.0, 0.0]])
    edges = run(dynamics, points, steps=100)
    assert (edges.target == -1).all()


def test_lingering_near_an_attractor_outside_its_basin_is_not_settling():
    """The basin of 0 ends at 0.02; from 0.045 the state creeps away, to 1."""

    def step(h):
        return h + 0.4 * h * (h**2 - 4e-4) * (1 - h**2)

    def jacobian(h):
        return (1 + 0.4 * (3 * h**2 - 5 * h**4 - 4e-4 * (1 - 3 * h**2)))[..., None]

    points = np.array([[0.0], [-1.0], [1.0]])
    pulses = {"push": lambda h: torch.full_like(h, 0.045)}
    edges = run(Dynamics(step, jacobian, 1), points, pulses=pulses, steps=2000)
    pulsed = (edges.kind == "input") & (edges.source == 0)
    assert list(edges.target[pulsed]) == [2]


def test_far_neighbours_do_not_widen_arrival_beyond_the_spread():
    """Attractors 100 apart, spread 1: a push of 3 halves six times to come within 0.05."""

    def step(h):
        return 0.5 * h + 25 * torch.sign(h)

    points = np.array([[-50.0], [50.0]])
    half = Dynamics(step, lambda h: torch.full((len(h), 1, 1), 0.5, dtype=torch.float64), 1)
    np.testing.assert_array_equal(run(half, points).median_steps, 6)


def test_targets_ascend_within_a_source_and_kind(cube_edges):
    noise = cube_edges.kind == "noise"
    keys = list(zip(cube_edges.source[noise], cube_edges.target[noise], strict=True))
    assert keys == sorted(keys)


def test_a_lost_attractor_leaves_its_basin_unassigned(cube):
    kept = POINTS[1:]
    edges = run(cube, kept)
    centre = int(np.flatnonzero((kept == 0).all(1))[0])
    lost = (edges.source == centre) & (edges.kind == "noise") & (edges.target == -1)
    assert 0.03 < edges.probability[lost].item() < 0.3


def test_median_steps_are_those_of_the_linear_escape():
    """From distance d, a mode of 1.5 takes ln(r / d) / ln 1.5 updates to leave."""

    def step(states):
        return torch.clamp(1.5 * states, -1, 1)

    def jacobian(states):
        return (1.5 * (states.abs() < 2 / 3).double())[..., None]

    points = np.array([[0.0], [-1.0], [1.0]])
    edges = run(Dynamics(step, jacobian, 1), points)
    expected = np.ceil(np.log(0.95 / 0.03) / np.log(1.5))
    left = (edges.source == 0) & (edges.kind == "unstable manifold")
    np.testing.assert_array_equal(edges.median_steps[left], expected)


def test_points_of_a_ring_hold_what_is_near_them():
    """On h' = h + h (1 - |h|^2) / 2 every point of the circle is neutral along it."""

    def step(states):
        return states + 0.5 * states * (1 - states.square().sum(1, keepdim=True))

    def jacobian(states):
        return torch.eye(2, dtype=torch.float64) - states[:, :, None] * states[:, None, :]

    angles = np.arange(12) * np.pi / 6
    points = np.stack([np.cos(angles), np.sin(angles)], 1)
    edges = run(Dynamics(step, jacobian, 2), points)
    np.testing.assert_array_equal(edges.target, edges.source)
    assert set(edges.kind) == {"noise"}


def test_a_single_point_is_pushed_by_the_spread():
    points = np.zeros((1, 2))
    assert separations([points], 3.0) == [3.0]
    matrix = 0.5 * torch.eye(2, dtype=torch.float64)
    linear = Dynamics(lambda h: h @ matrix, lambda h: matrix.repeat(len(h), 1, 1), 2)
    edges = run(linear, points, spread=3.0)
    assert list(edges.target) == [0]
    assert list(edges.trials) == [64]


def test_no_points_give_no_edges(cube):
    edges = run(cube, np.empty((0, 3)))
    assert len(edges.source) == 0


def test_complex_pairs_give_four_directions():
    turn = np.array([[0.0, -2.0, 0], [2.0, 0.0, 0], [0, 0, 0.5]])
    found = analyse(turn[None])
    directions = unstable_directions(found.eigenvalues[0], found.right[0])
    assert directions.shape == (4, 3)
    assert np.linalg.matrix_rank(directions) == 2
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1)


def test_same_generator_same_edges(cube):
    one, two = run(cube, POINTS), run(cube, POINTS)
    np.testing.assert_array_equal(one.target, two.target)
    np.testing.assert_array_equal(one.probability, two.probability)


@pytest.fixture
def few_edges():
    return Edges(
        source=np.array([0, 0, 0, 1]),
        target=np.array([1, -1, 1, 1]),
        kind=np.array(["noise", "noise", "input", "input"], dtype=object),
        input=np.array(["", "", "up", "up"], dtype=object),
        probability=np.array([0.25, 0.75, 1.0, 1.0]),
        trials=np.array([1, 3, 1, 1]),
        median_steps=np.array([4.0, np.nan, 2.0, 0.0]),
    )


def test_digraph_holds_nodes_and_probabilities(few_edges):
    graph = to_digraph(few_edges, {"class": ["1-saddle", "stable", "stable"]})
    assert list(graph) == [0, 1, 2, "unassigned"]
    assert graph.nodes[2]["class"] == "stable"
    assert graph.edges[0, 1] == {"noise": 0.25, "input": {"up": 1.0}}
    assert graph.edges[0, "unassigned"] == {"noise": 0.75}
    assert graph.edges[1, 1] == {"input": {"up": 1.0}}


def test_digraph_pickles_to_the_same_bytes(few_edges):
    attributes = {"class": ["1-saddle", "stable"], "unstable": [1, 0]}
    one, two = (pickle.dumps(to_digraph(few_edges, attributes)) for _ in range(2))
    assert one == two


def test_digraph_refuses_attributes_of_another_length(few_edges):
    with pytest.raises(ValueError, match="'class' has 1 values for 2 nodes"):
        to_digraph(few_edges, {"class": ["stable"]})
