"""Examples are the first solved seeds of each cohort, and its first others after them."""

import pandas as pd
import pytest

from rnnpipe.figures.selection import cohorts, examples, status


def population(*rows):
    columns = ["model", "constraint", "seed", "solved", "stop_reason"]
    return pd.DataFrame(rows, columns=columns)


NETWORKS = population(
    ("gru", "free", 2, True, "score"),
    ("gru", "free", 0, False, "steps"),
    ("gru", "free", 1, True, "steps"),
    ("tanh", "dale", 4, False, "diverged"),
    ("tanh", "dale", 3, False, "steps"),
)


def test_the_first_solved_seed_is_chosen_else_the_first():
    chosen = examples(NETWORKS, 1)
    assert chosen[["model", "seed", "status"]].to_numpy().tolist() == [
        ["gru", 1, "solved"],
        ["tanh", 3, "not solved"],
    ]


def test_more_examples_are_solved_seeds_before_others():
    chosen = examples(NETWORKS, 3)
    assert chosen["seed"].tolist() == [1, 2, 0, 3, 4]
    assert chosen["status"].tolist() == ["solved", "solved", "not solved", "not solved", "diverged"]


def test_the_choice_does_not_depend_on_the_order_of_seeds():
    shuffled = NETWORKS.iloc[[2, 1, 0, 4, 3]]
    assert examples(shuffled, 2).equals(examples(NETWORKS, 2))


def test_diverged_is_not_merely_unsolved():
    assert status(NETWORKS).tolist() == ["solved", "not solved", "solved", "diverged", "not solved"]


def test_cohorts_keep_their_order():
    assert cohorts(NETWORKS).to_numpy().tolist() == [["gru", "free"], ["tanh", "dale"]]


def test_no_example_at_all_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        examples(NETWORKS, 0)
