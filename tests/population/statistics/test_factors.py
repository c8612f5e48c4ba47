"""Which factors there are, and what each is adjusted for."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.statistics.factors import factor_labels, questions
from rnnpipe.tables.schemas import FACTORS

SAME = {
    "cell": "vanilla",
    "activation": "tanh",
    "units": 64,
    "l2": 0.0,
    "gain": 1.0,
    "alpha": np.nan,
    "noise": np.nan,
    "constraint": "none",
    "dale_ratio": np.nan,
    "rank": np.nan,
    "autapses": True,
    "density": 1.0,
    "modules": 1,
}


def networks(*cohorts: dict, seeds: int = 4) -> pd.DataFrame:
    return pd.DataFrame([{**SAME, **cohort} for cohort in cohorts for _ in range(seeds)])


DEFAULT = networks(
    {},
    {"constraint": "noautapses", "autapses": False},
    {"constraint": "dale80", "autapses": False, "dale_ratio": 0.8},
)
LEAKY = {"cell": "leaky", "activation": "relu", "alpha": 0.5, "noise": 0.0}
README = networks(
    {},
    LEAKY,
    {**LEAKY, "constraint": "dale", "autapses": False, "dale_ratio": 0.8},
)


def test_every_factor_of_the_tables_is_known_here():
    assert set(SAME) == set(FACTORS)


def test_in_the_default_experiment_two_factors_are_adjusted_for_each_other():
    asked = questions(DEFAULT)
    assert {name: question.adjusted_for for name, question in asked.items()} == {
        "constraint": (),
        "dale_ratio": ("autapses",),
        "autapses": ("dale_ratio",),
    }
    assert not any(question.confounded_with for question in asked.values())
    assert [question.design.df for question in asked.values()] == [2, 1, 1]


def test_factors_that_make_the_same_groups_are_claimed_of_neither():
    """In the README's design the cell comes with its activation, Dale's law without autapses."""
    asked = questions(README)
    assert list(asked) == ["cell", "activation", "constraint", "dale_ratio", "autapses"]
    assert {name: question.confounded_with for name, question in asked.items()} == {
        "cell": ("activation",),
        "activation": ("cell",),
        "constraint": (),
        "dale_ratio": ("autapses",),
        "autapses": ("dale_ratio",),
    }
    assert asked["constraint"].adjusted_for == ("cell", "activation")
    assert asked["constraint"].design.df == 1


def test_the_only_part_that_varies_is_said_by_its_whole():
    asked = questions(networks({}, {"constraint": "noautapses", "autapses": False}))
    assert list(asked) == ["constraint"]
    sparse = {"density": 0.2}
    two = networks({}, {"constraint": "a", **sparse}, {"constraint": "b", **sparse})
    assert list(questions(two)) == ["constraint", "density"]


def test_a_factor_that_others_decide_together_names_them_all():
    cohorts = [
        {"cell": cell, "activation": activation, "units": units}
        for cell, activation, units in (
            ("gru", "tanh", 64),
            ("gru", "relu", 128),
            ("lstm", "tanh", 128),
            ("lstm", "relu", 256),
        )
    ]
    asked = questions(networks(*cohorts))
    assert asked["units"].confounded_with == ()
    assert asked["units"].design.df == 1
    assert asked["cell"].confounded_with == ("activation", "units")


def test_a_detail_is_asked_among_the_networks_that_have_it():
    asked = questions(networks({}, LEAKY | {"alpha": 0.1}, LEAKY, seeds=4))
    assert asked["alpha"].adjusted_for == ("cell", "activation")
    assert asked["alpha"].design.df == 1
    np.testing.assert_array_equal(asked["alpha"].strata, asked["cell"].labels)
    assert asked["cell"].strata is None
    assert "alpha" not in asked["cell"].adjusted_for
    # The cell is asked about without its details, which make cohorts all the same.
    assert len(set(asked["cell"].design.cells)) == 3
    # With one level, it is a part of the cell.
    assert "alpha" not in questions(README) and "noise" not in asked


@pytest.mark.parametrize(
    ("changes", "factors"),
    [
        ({}, ["cell"]),
        # A level each says nothing.
        ({"units": np.arange(8)}, ["cell"]),
        ({"units": np.arange(8) // 2}, ["cell", "units"]),
        ({"dale_ratio": np.where(np.arange(8) % 4 < 2, 0.8, np.nan)}, ["cell", "dale_ratio"]),
    ],
)
def test_factors_are_what_divides_the_networks(changes, factors):
    table = networks({"cell": "gru"}, {"cell": "lstm"}).assign(**changes)
    assert list(factor_labels(table)) == factors
