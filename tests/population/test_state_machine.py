import itertools

import numpy as np
import pytest

from rnnpipe.population.state_machine import check_transitions

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
    return check_transitions(POINTS, readouts, source, target, label, probability, flip, 0.5)


def test_the_true_machine_is_right_everywhere():
    table = check(*true_edges())
    assert table["right"].mean() == 1
    assert len(table["source"]) == 16
    assert (table["probability"] == 1).all()


def test_one_wrong_transition_is_counted_and_located():
    source, target, label, probability = true_edges()
    target[5] = -1
    table = check(source, target, label, probability)
    assert table["right"].mean() == 15 / 16
    (wrong,) = np.flatnonzero(~table["right"])
    row = {name: column[wrong] for name, column in table.items()}
    assert (row["source"], row["input"], row["probability"]) == (source[5], label[5], 0)
    assert row["expected"] == true_edges()[1][5]


def test_a_split_transition_needs_the_larger_share():
    source, label = np.array([3, 3]), np.array(["0+", "0+"], dtype=object)
    for share, right in [(0.6, 1.0), (0.5, 0.0)]:
        table = check(source, np.array([8, -1]), label, np.array([share, 1 - share]))
        assert table["right"].mean() == right
        assert table["expected"][0] == 8


def test_a_transition_is_right_only_if_it_ends_within_the_tolerance():
    source, target, label, probability = true_edges()
    # From its neighbour that differs in the last bit, and by a pulse of its own sign in that bit.
    for last, right in ((0.51, 16), (0.49, 14)):
        readouts = 0.9 * CORNERS
        readouts[3] = (0.9, last)
        table = check(source, target, label, probability, readouts)
        assert table["right"].sum() == right
        assert (table["expected"] == -1).sum() == 16 - right
        assert (table["probability"][table["expected"] == -1] == 0).all()


def test_any_of_two_points_of_one_pattern_will_do():
    source, target, label, probability = true_edges()
    points, readouts = np.append(POINTS, 11), 0.9 * CORNERS[[0, 1, 2, 3, 3]]
    readouts[4] *= 0.8
    target[target == 9] = 11
    table = check_transitions(points, readouts, source, target, label, probability, flip, 0.5)
    assert table["right"].all() and (table["probability"] == 1).all()
    # The nearer one is named.
    assert 9 in table["expected"] and 11 not in table["expected"]


def test_numbers_of_points_do_not_matter():
    source, target, label, probability = true_edges()
    order = np.array([2, 0, 3, 1])
    table = check_transitions(
        POINTS[order], 0.9 * CORNERS[order], source, target, label, probability, flip, 0.5
    )
    assert table["right"].mean() == 1


def test_without_edges_the_table_is_empty():
    empty = np.empty(0, dtype=int)
    table = check(empty, empty, np.empty(0, dtype=object), np.empty(0))
    assert {len(column) for column in table.values()} == {0}


def test_edges_from_other_points_are_refused():
    with pytest.raises(ValueError, match=r"nodes \[4\]"):
        check(np.array([4]), np.array([3]), np.array(["0+"], dtype=object), np.array([1.0]))
