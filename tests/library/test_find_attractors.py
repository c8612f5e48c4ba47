"""What a user sees of attractors: `rnnpipe.find_attractors` and the object it returns."""

import numpy as np
import pytest
import torch
from torch import nn

import rnnpipe
from rnnpipe.library.find_attractors import ATTRACTOR_OPTIONS
from rnnpipe.tables.artifacts import ArtifactError

FEW = {"visited": 16, "box": 16}


def turning(h):
    """A circle of radius 1 attracts, round which the state turns once in 2 pi / 0.4 updates."""
    turn = torch.tensor([[np.cos(0.4), np.sin(0.4)], [-np.sin(0.4), np.cos(0.4)]], dtype=h.dtype)
    return h @ turn * (1.3 - 0.3 * h.square().sum(dim=1, keepdim=True))


def jumping(h):
    return torch.tanh(-2 * h)


def visited(count=100, units=2, seed=0):
    return np.random.default_rng(seed).uniform(0.1, 1, (count, units))


@pytest.fixture(scope="module")
def curve():
    return rnnpipe.find_attractors(turning, visited(), **FEW)


@pytest.fixture(scope="module")
def cycles():
    return rnnpipe.find_attractors(jumping, visited(units=3) - 0.5, **FEW)


def test_every_option_that_is_told_has_a_bound():
    told = {"visited", "box", "steps", "longest_period", "exponent_steps"}
    assert set(ATTRACTOR_OPTIONS) == told


def test_three_lines_find_a_limit_cycle(curve):
    (one,) = curve
    assert one.kind == "limit cycle" and curve.kind.tolist() == ["limit cycle"]
    assert one.period == pytest.approx(2 * np.pi / 0.4, rel=1e-3)
    np.testing.assert_allclose(np.linalg.norm(one.states, axis=1), 1, atol=1e-3)
    assert curve.shares[["visited", "box"]].to_numpy().tolist() == [[16, 16]]
    assert curve.ends["moving_share"].tolist() == [1.0]


def test_its_summary_says_the_attractor_first(curve):
    first, head, row = repr(curve).splitlines()
    assert first.startswith("limit cycle of 15.7 steps a turn; 1 point, 2-saddle; ")
    assert " ".join(head.split()) == "attractor runs from states given runs from the box exponents"
    assert "limit cycle of 15.71 steps a turn  16 of 16 (81 to 100 %)" in row


def test_points_are_attractors_whether_a_run_ends_there_or_not():
    states = visited(units=1)
    found = rnnpipe.find_attractors(lambda h: torch.tanh(2 * h), states, visited=8, box=0)
    assert found.kind.tolist() == ["fixed", "fixed"] and found.shares["visited"].sum() == 8
    assert sorted(found.shares["visited"]) == [0, 8]
    for one in found:
        assert np.array_equal(one.states[0], found.points.states[one.point])
    assert "2 stable points; 1 other point, 1-saddle" in repr(found)
    assert "the box" not in repr(found)


def test_cycles_come_with_all_their_states(cycles):
    assert cycles.kind.tolist() == ["cycle"] * 4 and cycles.period.tolist() == [2.0] * 4
    for one in cycles:
        np.testing.assert_allclose(one.states[0], -one.states[1])
    assert len(cycles.of_kind("cycle")) == len(cycles.moving()) == 4
    assert len(cycles.of_kind("fixed")) == 0 and cycles[1] is cycles.found[1]


def test_the_frame_has_a_row_per_attractor(cycles):
    frame = cycles.to_frame()
    assert len(frame) == 4 and frame.index.name == "attractor"
    assert {"kind", "period", "exponents", "visited_share", "box_low", "states"} <= set(frame)
    assert frame["visited"].sum() == 16


def test_transitions_lead_to_attractors_of_every_kind(cycles):
    graph = cycles.transitions(perturbations=16)
    kinds = [graph.nodes[node]["class"] for node in range(5)]
    assert kinds == ["3-saddle", *["cycle"] * 4]
    noise = {
        node: edge["noise"] for _, node, edge in graph.out_edges(0, data=True) if "noise" in edge
    }
    assert set(noise) <= {1, 2, 3, 4} and sum(noise.values()) == pytest.approx(1)
    assert all(set(graph.successors(node)) == {node} for node in range(1, 5))


@pytest.mark.parametrize("name", ["curve", "cycles"])
def test_a_file_gives_everything_back_but_the_map(name, request, tmp_path):
    found = request.getfixturevalue(name)
    found.save(tmp_path / "attractors.npz")
    again = rnnpipe.load(tmp_path / "attractors.npz")
    assert isinstance(again, rnnpipe.Attractors) and repr(again) == repr(found)
    assert again.to_frame().equals(found.to_frame()) and again.ends.equals(found.ends)
    assert again.points.to_frame().equals(found.points.to_frame())
    with pytest.raises(ValueError, match="come without their map"):
        again.transitions()


def test_a_file_without_attractors_is_read(curve, tmp_path):
    curve.of_kind("torus").save(tmp_path / "none.npz")
    assert len(rnnpipe.load(tmp_path / "none.npz")) == 0
    (tmp_path / "text.npz").write_bytes(b"hello")
    with pytest.raises(ArtifactError, match=r"no file of FixedPoints.save or Attractors.save"):
        rnnpipe.load(tmp_path / "text.npz")


def test_every_input_is_looked_at_by_itself():
    """h' = tanh(-2 h + x) jumps to and fro for small x and rests for large."""
    states = np.tile(visited(60, 1) - 0.5, (2, 1))
    inputs = np.repeat([[0.0], [5.0]], 60, axis=0)

    def step(h, x):
        return torch.tanh(-2 * h + x)

    found = rnnpipe.find_attractors(step, states, inputs, **FEW)
    assert found.kind.tolist() == ["cycle", "fixed"] and found.inputs.tolist() == [[0.0], [5.0]]
    assert found.ends["moving_share"].tolist() == [1.0, 0.0]
    resting = found.under(np.array([5.0]))
    assert found[1].point == 1 and resting[0].point == 0 and len(resting.points) == 1
    assert "under the input 5:\n1 stable point" in repr(found)
    with pytest.raises(ValueError, match="several inputs"):
        found.transitions()
    assert set(resting.transitions()) == {0}


def test_points_may_be_given():
    states = visited(60, 1)
    points = rnnpipe.find_fixed_points(jumping, states)
    given = rnnpipe.find_attractors(jumping, states, points=points, **FEW)
    assert repr(given) == repr(rnnpipe.find_attractors(jumping, states, **FEW))
    with pytest.raises(TypeError, match=r"points are a FixedPoints.*not ndarray"):
        rnnpipe.find_attractors(jumping, states, points=points.states)
    with pytest.raises(ValueError, match="the points have 1 variables; the network's state has 2"):
        rnnpipe.find_attractors(jumping, visited(), points=points)
    with pytest.raises(ValueError, match=r"not sought under the input \[1\.\]"):
        rnnpipe.find_attractors(lambda h, x: h + x, states, [1.0], points=points)


def test_a_module_and_a_network_of_given_weights_are_taken():
    W = np.array([[1.5, -2.0], [2.0, 1.5]])
    network = rnnpipe.network("ctrnn", recurrent=W, alpha=0.2)
    found = rnnpipe.find_attractors(network, network.random_states(50), **FEW)
    assert found.kind.tolist() == ["limit cycle"]
    cell = nn.RNNCell(1, 2)
    with torch.no_grad():
        cell.weight_hh.copy_(torch.from_numpy(W))
        cell.bias_hh.zero_()
        cell.bias_ih.zero_()
    assert rnnpipe.find_attractors(cell, visited(), **FEW).moving()


@pytest.mark.parametrize(
    ("option", "value"),
    [("visited", 0), ("box", -1), ("steps", 0), ("exponent_steps", 0.5), ("seed", -1)],
)
def test_a_value_out_of_bounds_is_refused_by_name(option, value):
    with pytest.raises(ValueError, match=f"^option {option}: .* is not a"):
        rnnpipe.find_attractors(jumping, visited(), **{option: value})


def test_an_unknown_option_is_refused():
    with pytest.raises(TypeError, match="unknown option runs; there are visited, box, steps"):
        rnnpipe.find_attractors(jumping, visited(), runs=3)
