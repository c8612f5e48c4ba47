"""A network in one line names its attractors first, and promises no more than the certificate."""

import numpy as np
import pytest

from rnnpipe.dynamics.classes import KINDS
from rnnpipe.dynamics.summary import IN_WORDS, summary

NO_SIGN = "no sign that points are missing"
CUBE = ["3-saddle"] + ["2-saddle"] * 6 + ["1-saddle"] * 12 + ["stable"] * 8


@pytest.mark.parametrize(
    ("kinds", "periods", "classes", "said"),
    [
        (
            ["limit cycle"],
            [60.04],
            ["2-saddle"],
            "limit cycle of 60 steps a turn; 1 point, 2-saddle",
        ),
        (
            ["cycle"] * 2,
            [7, 3],
            ["1-saddle"] * 3,
            "2 cycles of 3 and 7 steps; 3 points, all 1-saddle",
        ),
        (
            ["fixed"] * 8,
            [1] * 8,
            CUBE,
            "8 stable points; 19 other points: 12 1-saddle, 6 2-saddle, 1 3-saddle",
        ),
        (["fixed"], [1], ["marginal"], "1 marginal point; no other point"),
        (["torus", "chaotic", "slow"], [2.0] * 3, [], "torus, chaotic set, slow drift; no point"),
        ([], [], ["1-saddle"], "no attractor; 1 point, 1-saddle"),
        (
            ["fixed", "limit cycle"],
            [1, 30.0],
            ["2-saddle", "stable"],
            "1 stable point, limit cycle of 30 steps a turn; 2 points: 1 stable, 1 2-saddle",
        ),
    ],
)
def test_attractors_come_first_and_then_the_points(kinds, periods, classes, said):
    assert summary(kinds, periods, classes, "consistent") == f"{said}; {NO_SIGN}"


def test_every_verdict_and_every_kind_has_its_words():
    for verdict, words in IN_WORDS.items():
        assert summary(KINDS, [4.0] * len(KINDS), ["stable"], verdict).endswith(f"; {words}")
    assert "consistent" not in "".join(IN_WORDS.values())


def test_arrays_and_lists_say_the_same():
    arrays = np.array(["fixed"]), np.array([1.0]), np.array(["stable", "1-saddle"], dtype=object)
    assert summary(*arrays, "proved") == summary(*map(list, arrays), "proved")
    assert summary(*np.empty((3, 0)), "proved").startswith("no attractor; no point;")


def test_the_order_of_attractors_and_points_does_not_matter():
    kinds, periods = ["fixed", "cycle", "limit cycle", "limit cycle"], [1, 3, 40.0, 20.0]
    said = summary(kinds, periods, CUBE, "consistent")
    assert summary(kinds[::-1], periods[::-1], CUBE[::-1], "consistent") == said
