from dataclasses import replace

import numpy as np
import pytest

from rnnpipe.population.similarity.skeleton import Skeleton, match
from tests.population.similarity.random_skeletons import corners, nothing, random_skeleton


def test_nodes_share_a_slot_where_probe_kind_and_rounded_readout_agree():
    one = corners(1)
    two = replace(one, readouts=one.readouts + 0.2)
    three = replace(two, probe=two.probe + 1)
    slots = match([one, nothing(1), two, three], 0.5)
    np.testing.assert_array_equal(slots.of_node[0], slots.of_node[2])
    assert not set(slots.of_node[0]) & set(slots.of_node[3])
    np.testing.assert_array_equal(slots.level[:, 0], [-2, 0, 2] * 2)
    np.testing.assert_array_equal(slots.probe, [0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(slots.present.sum(1), [3, 0, 3, 3])
    moving = match([one, replace(one, kind=np.array([0, 2, 0]))], 0.5)
    np.testing.assert_array_equal(moving.kind, [0, 0, 0, 2])
    np.testing.assert_array_equal(moving.of_node[0] == moving.of_node[1], [True, False, True])


def test_every_output_has_its_own_level():
    none = np.zeros(1, int)
    skeleton = Skeleton(np.array([[1.0, 1.0]]), none, none, none, np.eye(1, 2))
    assert match([skeleton], np.array([0.5, 10.0])).level.tolist() == [[2, 0]]


@pytest.mark.parametrize("width", [0, -1.0, np.nan])
def test_a_level_without_width_is_refused(width):
    with pytest.raises(ValueError, match="positive"):
        match([corners()], width)


def test_networks_of_different_tasks_are_refused():
    with pytest.raises(ValueError, match="number of outputs"):
        match([corners(1), corners(2)], 0.5)


def test_a_faulty_skeleton_is_refused():
    good = random_skeleton(np.random.default_rng(0))
    parts = (good.readouts, good.probe, good.kind, good.unstable, good.transitions)
    for number, (fault, complaint) in enumerate(
        [
            (np.where(np.eye(12, 2) > 0, np.nan, good.readouts), "NaN or infinite"),
            (good.probe[1:], "a skeleton of 12 nodes"),
            (good.kind[1:], "a skeleton of 12 nodes"),
            (good.unstable[1:], "a skeleton of 12 nodes"),
            (good.transitions[:, :-1], r"\(node, node \+ 1\)"),
        ]
    ):
        with pytest.raises(ValueError, match=complaint):
            Skeleton(*parts[:number], fault, *parts[number + 1 :])
    with pytest.raises(ValueError, match=r"from node 0 are not a distribution: they sum to 0\.5"):
        Skeleton(*parts[:4], good.transitions / 2)
