"""A rate network of given weights, as `rnnpipe.network` makes it."""

import numpy as np
import pytest
import torch

import rnnpipe
from tests.helpers import rate_networks as rates
from tests.helpers.own_files import write_cell

CELLS = ("vanilla", "ctrnn", "leaky")


def made(cell: str = "ctrnn", **changes) -> rnnpipe.Network:
    return rnnpipe.network(cell, **{**rates.full(), **changes})


def low_rank() -> tuple[rnnpipe.Network, dict[str, np.ndarray]]:
    arrays = rates.low_rank()
    matrices = ("transposed", "divided")
    given = {key: arrays[name] for key, name in rates.LOW_RANK.items() if key not in matrices}
    laid = {key: rates.LOW_RANK[key] for key in matrices}
    return rnnpipe.network("ctrnn", alpha=rates.ALPHA, **given, **laid), arrays


def test_it_does_what_its_authors_code_does():
    network, arrays = low_rank()
    x = np.random.default_rng(1).standard_normal((30, rates.INPUTS))
    states, outputs = rates.run_low_rank(arrays, x)
    run = network.run(x)
    assert run.shape == (1, 30, rates.UNITS)
    assert np.abs(run[0] - states).max() < 1e-12
    assert np.abs(network.readout(run[0]) - outputs).max() < 1e-12


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_its_jacobian_is_that_of_its_step(cell, activation):
    network = made(cell, activation=activation)
    rng = torch.Generator().manual_seed(0)
    h = torch.randn(3, rates.UNITS, generator=rng, dtype=torch.float64)
    x = torch.randn(3, rates.INPUTS, generator=rng, dtype=torch.float64)
    expected = torch.autograd.functional.jacobian(lambda h: network(h, x).sum(0), h)
    assert (network.driven.jacobian(h, x) - expected.permute(1, 0, 2)).abs().max() < 1e-12


@pytest.mark.parametrize("cell", CELLS)
def test_a_step_from_its_box_ends_in_it(cell):
    network = made(cell, recurrent=3 * rates.full()["recurrent"])
    x = np.array([0.5, -2.0])
    low, high = network.bounds(x)
    states = network.random_states(2000, x)
    assert ((low <= states) & (states <= high)).all()
    after = network.run(x[None], states)[:, 0]
    assert ((low - 1e-12 <= after) & (after <= high + 1e-12)).all()


def test_three_lines_find_all_points_with_a_certificate():
    network = rnnpipe.network("vanilla", recurrent=2 * np.eye(3))
    points = rnnpipe.find_fixed_points(network, network.random_states())
    assert np.bincount(points.unstable).tolist() == [8, 12, 6, 1]
    assert points.searches["certificate"].tolist() == ["proved"]


def test_a_network_by_hand_and_the_same_step_have_the_same_points_under_an_input():
    network, _ = low_rank()
    x = np.array([0.3, -0.1])
    states = network.random_states(64, x)
    fewer = {"mixtures": 32, "box": 32}
    closed = rnnpipe.find_fixed_points(network, states, x, **fewer)
    own = rnnpipe.find_fixed_points(lambda h, x: network(h, x), states, x, **fewer)
    assert closed.searches["certificate"].tolist() == ["proved"]
    assert len(closed) == len(own)
    assert np.allclose(np.sort(closed.states, axis=0), np.sort(own.states, axis=0), atol=1e-8)


def test_branches_are_followed_along_an_input():
    network = rnnpipe.network("ctrnn", recurrent=2 * np.eye(2), input=np.eye(2))
    branches = rnnpipe.find_branches(
        network, network.random_states(64), np.zeros(2), np.linspace(-1, 1, 9)
    )
    # h = 2 tanh h + x loses two of its three points where its slope is 1.
    h = np.arctanh(np.sqrt(0.5))
    folds = branches.event_columns()["value"]
    assert np.allclose(np.unique(np.round(np.abs(folds), 6)), 2 * np.sqrt(0.5) - h, atol=1e-5)


def test_dt_and_tau_are_alpha():
    one, two = made(dt=20, tau=100), made(alpha=0.2)
    assert np.array_equal(one.run(steps=5), two.run(steps=5))
    assert repr(one) == "Network(ctrnn, tanh, alpha 0.2; 6 units, 2 inputs, 3 outputs)"


def test_runs_start_from_the_initial_state_or_from_those_given():
    network = made()
    assert np.array_equal(network.initial_state, rates.full()["initial_state"])
    first = network.run(steps=1)[0, 0]
    assert np.array_equal(network.run(steps=1, states=network.initial_state)[0, 0], first)
    several = network.run(np.ones((4, 7, 2)), np.zeros(rates.UNITS))
    assert several.shape == (4, 7, rates.UNITS) and (several == several[:1]).all()
    assert network.readout(several).shape == (4, 7, rates.OUTPUTS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recurrent": None}, "give recurrent, or both m and n"),
        ({"m": np.ones((6, 1))}, "give recurrent, or both m and n"),
        ({"input": np.ones((2, 6))}, r"input has shape \(2, 6\); \(6, inputs\) is needed"),
        ({"bias": np.full(6, np.nan)}, "bias holds NaN"),
        ({"alpha": 2}, "alpha: 2 is not a number > 0 and <= 1"),
        ({"dt": 2}, "dt: alpha is dt / tau; give both, or alpha"),
        ({"activation": "tan"}, 'activation: "tan" is not one of .*did you mean "tanh"'),
        ({"transposed": ["W"]}, "transposed names W; it may name recurrent, m, n, input, output"),
        ({"divided": ["input"]}, "divided names input; it may name recurrent, output"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes, words):
    with pytest.raises(ValueError, match=words):
        made(**changes)


def test_cells_that_are_no_rate_networks():
    with pytest.raises(ValueError, match="gru is no rate network; give an"):
        made("gru")
    with pytest.raises(ValueError, match='"rnn" is not one of ctrnn, '):
        made("rnn")
    with pytest.raises(ValueError, match=r"alpha: belongs to ctrnn or leaky or .*, not to vanilla"):
        made("vanilla", alpha=0.2)


def test_a_class_in_a_file_is_no_rate_network(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_cell()
    with pytest.raises(ValueError, match=r"mycells\.py:Adapting is no rate network"):
        made("mycells.py:Adapting")


def test_what_does_not_fit_the_network():
    network = made()
    with pytest.raises(ValueError, match="the network has 2 inputs; 3 are given"):
        rnnpipe.find_fixed_points(network, np.zeros((4, 6)), np.zeros(3))
    with pytest.raises(ValueError, match="the network's state has 6 variables; the states have 5"):
        rnnpipe.find_fixed_points(network, np.zeros((4, 5)))
    with pytest.raises(ValueError, match=r"inputs have shape \(7, 3\); \(time, 2\)"):
        network.run(np.zeros((7, 3)))
    with pytest.raises(ValueError, match="or steps"):
        network.run()
    with pytest.raises(ValueError, match="relu has no box to draw from"):
        made(activation="relu").random_states()


@pytest.mark.parametrize("cell", ["ctrnn", "leaky", "vanilla"])
@pytest.mark.parametrize("divided", [(), ("recurrent",)])
def test_products_of_a_low_rank_network_use_its_factors(cell, divided):
    rng = np.random.default_rng(3)
    m, n, bias = rng.standard_normal((9, 2)), rng.standard_normal((9, 2)), rng.standard_normal(9)
    low_rank = rnnpipe.network(cell, m=m.T, n=n, transposed=["m"], bias=bias, divided=divided)
    whole = rnnpipe.network(cell, recurrent=m @ n.T, bias=bias, divided=divided)
    h, v = (torch.from_numpy(rng.standard_normal(shape)) for shape in ((4, 9), (4, 3, 9)))
    x = torch.zeros(4, 0, dtype=torch.float64)
    expected = whole.driven.jvp(h, x, v)
    torch.testing.assert_close(low_rank.driven.jvp(h, x, v), expected, atol=1e-12, rtol=0)
    product = low_rank.driven.linearized(h, x)
    low_rank.weights.recurrent.zero_()
    torch.testing.assert_close(product(v), expected, atol=1e-12, rtol=0)
