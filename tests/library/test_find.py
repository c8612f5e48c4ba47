"""What a user sees: `rnnpipe.find_fixed_points` and the object it returns."""

import copy
import subprocess
import sys

import matplotlib as mpl
import networkx as nx
import numpy as np
import pytest
import torch
from torch import nn

import rnnpipe
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.schemas import PROBED, SCHEMAS

mpl.use("agg")
ROOT = 0.9575040240772687  # of h = tanh(2 h)
OPTIONS = {"mixtures": 32, "box": 32}


def cube(h):
    return torch.tanh(2 * h)


def visited(count=200, units=3, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, units))


@pytest.fixture(scope="module")
def found():
    return rnnpipe.find_fixed_points(cube, visited(), **OPTIONS)


def same_points(one, other):
    one, other = one.fixed(), other.fixed()
    assert len(one) == len(other)
    distance = np.linalg.norm(one.states[:, None] - other.states, axis=-1)
    assert distance.min(1).max() < 1e-8


def test_three_lines_find_all_points_of_the_cube(found):
    assert (found.kind == "fixed").all() and len(found) == 27
    counts = {name: int((found.classes == name).sum()) for name in set(found.classes)}
    assert counts == {"stable": 8, "1-saddle": 12, "2-saddle": 6, "3-saddle": 1}
    assert found.index_sum == 1
    np.testing.assert_allclose(np.abs(found.states[found.states.round(6) != 0]), ROOT)


def test_every_point_has_the_residual_it_claims(found):
    h = torch.from_numpy(found.states)
    q = 0.5 * (cube(h) - h).square().sum(1).numpy()
    assert (found.q < 1e-20).all() and (q < 1e-20).all()


def test_its_summary_says_what_a_person_wants_to_know(found):
    text = repr(found)
    assert text.startswith("27 fixed points: 8 stable, 12 1-saddle, 6 2-saddle, 1 3-saddle")
    assert "not applicable, no box is known" in text


def test_the_frame_has_a_row_per_point(found):
    frame = found.to_frame()
    assert len(frame) == 27 and frame.index.name == "point"
    assert frame["class"].tolist() == found.classes.tolist()
    assert np.array_equal(np.stack(frame["state"]), found.states)


def test_its_tables_have_the_columns_of_the_pipelines(found):
    points = {*SCHEMAS["fixed_points"].names, *SCHEMAS["stability"].names}
    assert points - {*PROBED, "point", "readout"} == set(found.to_frame()) - {"input"}
    searches = set(SCHEMAS["searches"].names) - {*PROBED, "spread"}
    assert searches == set(found.searches) - {"input", "runs", "elsewhere"}


def test_selections_are_of_the_same_kind(found):
    assert len(found.stable()) == 8
    assert [len(found.saddles(k)) for k in range(4)] == [8, 12, 6, 1]
    assert len(found.where(found.states[:, 0] > 0.5)) == 9
    assert len(found.slower_than(1e-9)) == 27 and len(found.slower_than(0)) == 0
    assert len(found.fixed().stable().eigenvalues) == 8


def test_transitions_are_a_graph_of_the_points(found):
    graph = found.transitions(pulses=None, perturbations=16)
    assert isinstance(graph, nx.DiGraph) and set(graph) - {"unassigned"} == set(range(27))
    saddle = int(np.flatnonzero(found.unstable == 1)[0])
    assert len(list(graph.successors(saddle))) == 2


def test_plots_draw_every_point(found):
    ax = found.plot()
    assert sum(len(c.get_offsets()) for c in ax.collections) == 27
    assert ax.get_xlabel() == "PC 1"
    spectrum = found.plot_spectrum()
    assert sum(len(line.get_xdata()) for line in spectrum.lines) == 27 * 3


def test_a_file_gives_everything_back_but_the_map(found, tmp_path):
    found.save(tmp_path / "points.npz")
    again = rnnpipe.load(tmp_path / "points.npz")
    assert again.to_frame().equals(found.to_frame())
    assert repr(again) == repr(found)
    assert np.array_equal(again.eigenvalues, found.eigenvalues)
    with pytest.raises(ValueError, match="come without their map"):
        again.transitions()


def test_a_ring_attractor_is_found_as_one():
    def step(h):
        angle, radius = torch.atan2(h[:, 1], h[:, 0]), h.norm(dim=1)
        angle = angle + 0.01 * torch.sin(2 * angle)
        return (0.5 + 0.5 * radius)[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)

    found = rnnpipe.find_fixed_points(step, visited(units=2) + 0.1, **OPTIONS)
    (ring,) = found.continua(trial=20)
    assert (ring.kind, ring.nature, ring.closed) == ("ring", "attractor", True)
    (same,) = found.continua(trial=200)
    assert (same.kind, same.nature) == ("ring", "leak")
    # To first order in the drift, which is at most 0.01.
    np.testing.assert_allclose(np.linalg.norm(ring.states, axis=1), 1, atol=1e-3)
    beads = found.fixed()
    assert len(beads) == 4 and (ring.nodes_at(beads.states, spread=1.0) >= 0).all()


def test_discrete_memories_have_no_continuum(found):
    assert found.continua() == []


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_named(content, tmp_path):
    (tmp_path / "points.npz").write_bytes(content)
    with pytest.raises(ArtifactError, match=r"points.npz: is damaged or no file of FixedPoints"):
        rnnpipe.load(tmp_path / "points.npz")
    with pytest.raises(ArtifactError, match="cannot be read"):
        rnnpipe.load(tmp_path / "none.npz")


def test_runs_that_end_at_points_are_not_spoken_of(found):
    assert found.searches[["runs", "elsewhere"]].to_numpy().tolist() == [[16, 0]]
    assert "elsewhere" not in repr(found)


@pytest.mark.parametrize("states", [200, 5])
def test_a_summary_says_when_runs_end_elsewhere(states):
    """Of h' = tanh(-2 h) three units jump to and fro, unless one starts at 0."""
    start = visited(states)
    start[0] = 0
    found = rnnpipe.find_fixed_points(lambda h: torch.tanh(-2 * h), start, **OPTIONS)
    runs = min(16, states)
    assert found.kind.tolist() == ["fixed"] and found.classes.tolist() == ["3-saddle"]
    assert found.searches[["runs", "elsewhere"]].to_numpy().tolist() == [[runs, runs - 1]]
    said = f"{runs - 1} of {runs} runs end elsewhere: rnnpipe.find_attractors names what they end"
    assert said in repr(found)


def random_module(kind, seed=0, **options):
    torch.manual_seed(seed)
    module = kind(2, 6, **options)
    with torch.no_grad():
        for name, weight in module.named_parameters():
            if "weight_hh" in name:
                weight.mul_(3.0)
    return module


@pytest.mark.parametrize("kind", [nn.RNN, nn.RNNCell, nn.GRUCell])
def test_closed_form_and_automatic_jacobians_find_the_same(kind):
    module = random_module(kind)
    states = visited(units=6)
    x = np.array([0.3, -0.2])
    known = rnnpipe.find_fixed_points(module, states, x, **OPTIONS)
    exact = copy.deepcopy(module).double()

    def step(h, x):
        if isinstance(exact, nn.RNN):
            return exact(x[None], h[None])[1][0]
        return exact(x, h)

    by_autodiff = rnnpipe.find_fixed_points(step, states, x, **OPTIONS)
    same_points(known, by_autodiff)
    assert known.searches["certificate"].tolist() == ["consistent"]
    assert np.array_equal(known.inputs, np.tile(x, (len(known), 1)))


def test_an_lstm_takes_its_states_as_a_pair_or_as_one():
    module = random_module(nn.LSTM)
    h, c = visited(units=6), 2 * visited(units=6, seed=1)
    pair = rnnpipe.find_fixed_points(module, (h, c), **OPTIONS)
    one = rnnpipe.find_fixed_points(module, np.concatenate([h, c], axis=1), **OPTIONS)
    assert pair.states.shape[1] == 12
    assert np.array_equal(pair.states, one.states)
    outputs = torch.randn(1, 30, 6), torch.randn(1, 30, 6)  # (layer, batch, unit), as torch has it
    assert len(rnnpipe.find_fixed_points(module, outputs, **OPTIONS))


def test_every_input_is_searched_from_its_own_states():
    """h' = tanh(2 h + x) has three points for small x and one for large."""
    states = np.tile(visited(60, 1), (3, 1))
    inputs = np.repeat([[0.0], [0.1], [2.0]], 60, axis=0)
    found = rnnpipe.find_fixed_points(lambda h, x: torch.tanh(2 * h + x), states, inputs, **OPTIONS)
    assert found.searches["found"].tolist() == [3, 3, 1]
    assert len(found.under(np.array([0.1])).fixed()) == 3
    fixed = found.fixed()
    h, x = torch.from_numpy(fixed.states), torch.from_numpy(fixed.inputs)
    torch.testing.assert_close(torch.tanh(2 * h + x), h, atol=1e-10, rtol=0)
    with pytest.raises(ValueError, match="several inputs"):
        found.transitions()
    assert len(fixed.under(np.array([2.0])).transitions()) == 1


def test_a_module_is_left_as_it_was_found():
    module = random_module(nn.GRU, dropout=0.0).train()
    module.weight_hh_l0.requires_grad_(False)
    module.weight_ih_l0.grad = torch.ones_like(module.weight_ih_l0)
    before = copy.deepcopy(module)
    rnnpipe.find_fixed_points(module, visited(units=6), **OPTIONS)
    assert module.training
    assert not module._forward_hooks
    for (name, now), (_, then) in zip(
        module.named_parameters(), before.named_parameters(), strict=True
    ):
        assert torch.equal(now, then) and now.dtype == torch.float32, name
        assert now.requires_grad == then.requires_grad
        assert (now.grad is None) == (name != "weight_ih_l0")


class Custom(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.dropout = nn.Linear(3, 3), nn.Dropout(0.5)

    def forward(self, h):
        return torch.tanh(self.dropout(self.layer(h)))


def test_a_module_of_ones_own_is_copied_and_analysed_without_dropout():
    module = Custom()
    found = rnnpipe.find_fixed_points(module, visited(), **OPTIONS)
    assert module.training and module.layer.weight.dtype == torch.float32
    exact = copy.deepcopy(module).double().eval()
    h = torch.from_numpy(found.states)
    torch.testing.assert_close(exact(h).detach(), h, atol=1e-9, rtol=0)


@pytest.mark.parametrize(
    ("step", "states", "inputs", "options", "error", "message"),
    [
        (cube, visited() * np.nan, None, {}, ValueError, "states must be finite"),
        (cube, 1.0, None, {}, ValueError, "must be an array"),
        (
            cube,
            visited(),
            None,
            {"start": 3},
            TypeError,
            "unknown option start; there are mix",
        ),
        (nn.GRU, visited(), None, {}, TypeError, "is the class GRU; give a module made of it"),
        (cube, visited(), [1.0], {}, ValueError, r"is called as step\(state, input\)"),
        (lambda h, x: h, visited(), None, {}, ValueError, r"is called as step\(state\)"),
        (42, visited(), None, {}, TypeError, "must be a function or a module, not int"),
        (nn.GRU(2, 6), visited(), None, {}, ValueError, "state has 6 variables; the states have 3"),
        (nn.GRU(2, 3), visited(), [1.0], {}, ValueError, "has 2 inputs; 1 are given"),
        (
            nn.GRU(2, 3),
            visited(),
            np.ones((5, 2)),
            {},
            ValueError,
            "5 inputs are given for 200 states",
        ),
        (nn.GRU(2, 3), visited(), [np.nan, 0], {}, ValueError, "inputs must be finite"),
    ],
)
def test_what_does_not_fit_is_refused(step, states, inputs, options, error, message):
    with pytest.raises(error, match=message):
        rnnpipe.find_fixed_points(step, states, inputs, **options)


def test_importing_the_package_imports_no_torch():
    code = "import rnnpipe, sys; sys.exit('torch' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    with pytest.raises(AttributeError, match="no attribute 'find_everything'"):
        rnnpipe.find_everything  # noqa: B018
