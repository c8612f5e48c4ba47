import numpy as np
import pytest

from rnnpipe.population.similarity.skeleton import Skeleton, match
from tests.population.similarity.random_skeletons import corners, nothing, random_skeleton


def test_points_share_a_slot_where_probe_and_rounded_readout_agree():
    one, two = corners(1), corners(1)
    two = Skeleton(two.readouts + 0.2, two.probe, two.unstable, two.transitions)
    three = Skeleton(two.readouts, two.probe + 1, two.unstable, two.transitions)
    slots = match([one, nothing(1), two, three], 0.5)
    np.testing.assert_array_equal(slots.of_point[0], slots.of_point[2])
    assert not set(slots.of_point[0]) & set(slots.of_point[3])
    np.testing.assert_array_equal(slots.level[:, 0], [-2, 0, 2] * 2)
    np.testing.assert_array_equal(slots.probe, [0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(slots.present.sum(1), [3, 0, 3, 3])


def test_every_output_has_its_own_level():
    skeleton = Skeleton(np.array([[1.0, 1.0]]), np.zeros(1, int), np.zeros(1, int), np.eye(1, 2))
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
    parts = (good.readouts, good.probe, good.unstable, good.transitions)
    for number, (fault, complaint) in enumerate(
        [
            (np.where(np.eye(12, 2) > 0, np.nan, good.readouts), "NaN or infinite"),
            (good.probe[1:], "a skeleton of 12 points"),
            (good.unstable[1:], "a skeleton of 12 points"),
            (good.transitions[:, :-1], r"\(point, point \+ 1\)"),
        ]
    ):
        with pytest.raises(ValueError, match=complaint):
            Skeleton(*parts[:number], fault, *parts[number + 1 :])
    with pytest.raises(ValueError, match=r"from point 0 are not a distribution: they sum to 0\.5"):
        Skeleton(*parts[:3], good.transitions / 2)
