import itertools

import numpy as np
import pytest

from rnnpipe.population.state_machine import check_state_machine

CORNERS = np.array(list(itertools.product([-1.0, 1.0], repeat=2)))
POINTS = np.array([3, 5, 8, 9])


def flip(readouts, name):
    after = readouts.copy()
    after[:, int(name[0])] = 1 if name[1] == "+" else -1
    return after


def true_edges():
    rows = []
    for name in ("0+", "0-", "1+", "1-"):
        goals = [np.abs(CORNERS - goal).sum(1).argmin() for goal in flip(CORNERS, name)]
        rows += [(POINTS[i], POINTS[goal], name, 1.0) for i, goal in enumerate(goals)]
    return [
        np.array(column, dtype=object if i == 2 else None)
        for i, column in enumerate(zip(*rows, strict=True))
    ]


def check(source, target, label, probability, readouts=0.9 * CORNERS):
    return check_state_machine(POINTS, readouts, source, target, label, probability, flip)


def test_the_true_machine_is_right_everywhere():
    state_machine = check(*true_edges())
    assert state_machine.right == 1
    assert len(state_machine.table["source"]) == 16
    assert (state_machine.table["probability"] == 1).all()


def test_one_wrong_transition_is_counted_and_located():
    source, target, label, probability = true_edges()
    target[5] = -1
    state_machine = check(source, target, label, probability)
    assert state_machine.right == 15 / 16
    (wrong,) = np.flatnonzero(~state_machine.table["right"])
    row = {name: column[wrong] for name, column in state_machine.table.items()}
    assert (row["source"], row["input"], row["probability"]) == (source[5], label[5], 0)
    assert row["expected"] == true_edges()[1][5]


def test_a_split_transition_needs_the_larger_share():
    source, label = np.array([3, 3]), np.array(["0+", "0+"], dtype=object)
    for share, right in [(0.6, 1.0), (0.5, 0.0)]:
        state_machine = check(source, np.array([8, -1]), label, np.array([share, 1 - share]))
        assert state_machine.right == right
        assert state_machine.table["expected"][0] == 8


def test_numbers_of_points_do_not_matter():
    source, target, label, probability = true_edges()
    order = np.array([2, 0, 3, 1])
    state_machine = check_state_machine(
        POINTS[order], 0.9 * CORNERS[order], source, target, label, probability, flip
    )
    assert state_machine.right == 1


def test_no_edges_have_no_share():
    empty = np.empty(0, dtype=int)
    assert np.isnan(check(empty, empty, np.empty(0, dtype=object), np.empty(0)).right)


def test_edges_from_other_points_are_refused():
    with pytest.raises(ValueError, match=r"points \[4\]"):
        check(np.array([4]), np.array([3]), np.array(["0+"], dtype=object), np.array([1.0]))
