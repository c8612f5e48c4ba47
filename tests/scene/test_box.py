"""The box holds everything, its walls stand behind, and its scales lie on its edges."""

import numpy as np
import pytest

from rnnpipe.scene import box
from rnnpipe.scene.view import fitted

PLACES = np.random.default_rng(1).normal(size=(50, 3)) * [4.0, 1.0, 0.01]
LOW, HIGH = box.bounds(PLACES)


def view(elevation=20.0, azimuth=-60.0):
    return fitted(elevation, azimuth, box.corners(LOW, HIGH), 4 / 3)


def test_all_places_are_inside_and_no_side_is_thin():
    assert np.all(PLACES.min(0) > LOW) and np.all(PLACES.max(0) < HIGH)
    sides = HIGH - LOW
    assert sides.min() >= 0.2 * np.ptp(PLACES, axis=0).max()


def test_a_single_place_has_a_box():
    low, high = box.bounds(np.zeros((1, 3)))
    assert np.all(high - low > 0)


@pytest.mark.parametrize("azimuth", [-150.0, -60.0, 30.0, 120.0])
@pytest.mark.parametrize("elevation", [-20.0, 25.0])
def test_walls_stand_behind_everything(elevation, azimuth):
    seen_from = view(elevation, azimuth)
    for line in box.walls(LOW, HIGH, seen_from):
        middle = line.mean(0)
        # Each line lies on a face that looks at the camera from within.
        on_back = [
            axis
            for axis in range(3)
            if np.isclose(middle[axis], np.where(seen_from.towards > 0, LOW, HIGH)[axis])
        ]
        assert on_back


@pytest.mark.parametrize("azimuth", [-150.0, -60.0, 30.0, 120.0])
def test_scales_lie_on_edges_and_point_away(azimuth):
    seen_from = view(azimuth=azimuth)
    centre = (LOW + HIGH) / 2
    for axis, scale in enumerate(box.scales(LOW, HIGH, seen_from, 4 / 3)):
        assert np.allclose(scale.places[:, axis], scale.ticks)
        assert np.all((scale.ticks >= LOW[axis]) & (scale.ticks <= HIGH[axis]))
        others = [other for other in range(3) if other != axis]
        for other in others:
            assert np.isclose(scale.ends[0, other], [LOW[other], HIGH[other]]).any()
        # Going outward leads away from the box in the picture too.
        middle = scale.ends.mean(0)
        near, far, inside = seen_from.seen(
            np.stack([middle, middle + scale.outward, centre]), 4 / 3
        )
        assert np.linalg.norm(far - inside) > np.linalg.norm(near - inside)


def test_ticks_are_round_numbers():
    assert box.ticks(-3.9, 4.1).tolist() == [-2.0, 0.0, 2.0, 4.0]
