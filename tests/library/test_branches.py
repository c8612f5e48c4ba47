"""Branches as an object: the table of their points, and what their plot shows."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

import rnnpipe

VALUES = np.linspace(-1, 1, 11)
FEW = {"mixtures": 32, "box": 32}


@pytest.fixture(scope="module")
def hysteresis() -> rnnpipe.Branches:
    """Two variables, the second a tenth of the first: an S with a fold on either side."""

    def step(h, x):
        first = torch.tanh(2 * h[:, :1] + x)
        return torch.cat([first, first / 10], dim=1)

    states = np.random.default_rng(0).uniform(-1, 1, (100, 2)) * [1, 0.1]
    return rnnpipe.find_branches(step, states, [0.0], VALUES, **FEW)


@pytest.fixture
def ax():
    ax = plt.figure().add_subplot()
    yield ax
    plt.close(ax.figure)


def test_the_table_has_points_and_folds_in_order_along_the_branch(hysteresis):
    frame = hysteresis.to_frame()
    events = frame[frame["event"] != ""]
    assert events["event"].tolist() == ["fold", "fold"]
    assert len(frame) == len(hysteresis.value) + 2
    assert (np.diff(frame["position"]) >= 0).all()
    assert frame["unstable"].isna().equals(frame["event"] != "")
    assert np.abs(np.stack(events["state"])[:, 0]) == pytest.approx([2**-0.5] * 2)
    assert set(frame.loc[frame["sampled"], "value"].round(9)) == set(VALUES.round(9))
    assert repr(hysteresis) == f"1 branch of {len(hysteresis.value)} points; bifurcations: 2 fold"


def test_a_plot_is_solid_to_the_folds_and_dashed_between_them(hysteresis, ax):
    assert hysteresis.plot(ax, height=0) is ax
    ends = {line.get_linestyle(): np.abs(line.get_ydata()[[0, -1]]) for line in ax.lines}
    assert ends["--"] == pytest.approx([2**-0.5] * 2)
    assert len(ax.lines) == 3 and {line.get_linestyle() for line in ax.lines} == {"-", "--"}
    assert ax.get_ylabel() == "state variable 0" and ax.get_xlabel() == "input"
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["stable", "unstable", "fold"]


def test_what_is_drawn_may_be_a_component_or_a_function_of_states(hysteresis, ax):
    def total(states):
        return states.sum(1)

    assert hysteresis.plot(ax, total).get_ylabel() == "total"
    highest = max(line.get_ydata().max() for line in ax.lines)
    assert highest == pytest.approx(1.1 * hysteresis.states[:, 0].max())
    assert hysteresis.plot(ax).get_ylabel() == "PC 1"


def test_what_cannot_be_drawn_is_refused(hysteresis, ax):
    with pytest.raises(ValueError, match="no state variable 2; there are 2, from 0"):
        hysteresis.plot(ax, 2)
    with pytest.raises(ValueError, match=r"height returns shape \(\d+, 2\)"):
        hysteresis.plot(ax, lambda states: states)


def test_without_branches_the_plot_is_empty(ax):
    def shift(h, x):
        return h + 1 + 0 * x

    none = rnnpipe.find_branches(shift, np.zeros((10, 1)), [0.0], VALUES, **FEW)
    assert len(none.to_frame()) == 0 and not none.plot(ax).lines
