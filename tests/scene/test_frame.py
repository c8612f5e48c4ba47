"""Components are turned where unstable directions say how, and only there."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.transform import Rotation

from rnnpipe.figures.projection import project_vectors
from rnnpipe.scene.frame import quartimax, upright
from rnnpipe.tables.parquet import matrix
from tests.scene.ideal_scenes import tables

AXES = np.eye(3)


def is_signed_permutation(turn):
    return np.allclose(np.sort(np.abs(turn), axis=1), [[0, 0, 1]] * 3, atol=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_planted_axes_are_found_whatever_their_turn(seed):
    rotation = Rotation.random(random_state=seed).as_matrix()
    vectors = np.repeat(AXES, 6, axis=0) @ rotation.T
    turn = quartimax(vectors)
    assert np.allclose(turn @ turn.T, np.eye(3), atol=1e-9)
    assert is_signed_permutation(turn @ rotation)


def test_the_cube_stands_upright_and_keeps_its_variance():
    made = tables("flipflop", number=5)
    turned, did = upright(made["components"], made["modes"])
    assert did
    growing = made["modes"][made["modes"]["right_re"].notna()]
    vectors = project_vectors(matrix(growing["right_re"]), turned, 3)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.mean(np.sum(vectors**4, axis=1)) > 0.95
    before = matrix(made["components"].sort_values("component")["direction"])[:3]
    after = matrix(turned.sort_values("component")["direction"])[:3]
    # The same three-dimensional space, seen from another side of the same hand.
    assert np.allclose(before.T @ before, after.T @ after)
    assert np.linalg.det(after @ before.T) == pytest.approx(1)
    sums = [t.sort_values("component")["variance"][:3].sum() for t in (made["components"], turned)]
    assert sums[0] == pytest.approx(sums[1])


def test_directions_without_three_axes_turn_nothing():
    made = tables("flipflop")
    components, modes = made["components"], made["modes"]
    few = modes[modes["point"] < 2]
    flat = tables("integrator")
    rng = np.random.default_rng(0)
    growing = modes["right_re"].notna()
    anywhere = modes.copy()
    anywhere.loc[growing, "right_re"] = pd.Series(
        list(rng.normal(size=(growing.sum(), 16))), index=modes.index[growing]
    )
    for some, rows in (
        (components, few),
        (components, anywhere),
        (flat["components"], flat["modes"]),
    ):
        same, did = upright(some, rows)
        assert not did
        pd.testing.assert_frame_equal(same, some)


def test_oscillating_directions_do_not_count():
    made = tables("flipflop")
    modes = made["modes"].assign(im=0.1)
    assert not upright(made["components"], modes)[1]


def test_the_order_of_rows_makes_no_difference():
    made = tables("flipflop")
    for order in itertools.islice(itertools.permutations(range(3)), 3):
        shuffled = made["components"].iloc[list(order)]
        turned, _ = upright(shuffled, made["modes"])
        expected, _ = upright(made["components"], made["modes"])
        assert np.allclose(
            matrix(turned["direction"]), matrix(expected["direction"])[: len(turned)]
        )
