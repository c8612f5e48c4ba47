"""A camera sees what VTK's camera sees, and all that it is asked to."""

import numpy as np
import pytest
from vtkmodules.vtkRenderingCore import vtkCamera

from rnnpipe.scene.view import ANGLE, View, fitted

PLACES = np.random.default_rng(0).normal(size=(40, 3)) * [3.0, 1.0, 2.0] + [5.0, -2.0, 1.0]
DIRECTIONS = [(20.0, -60.0), (35.0, 200.0), (-15.0, 10.0)]


@pytest.mark.parametrize(("elevation", "azimuth"), DIRECTIONS)
@pytest.mark.parametrize("aspect", [1.0, 4 / 3])
def test_places_lie_where_vtk_draws_them(elevation, azimuth, aspect):
    view = View(elevation, azimuth, np.array([4.0, -1.0, 0.5]), 30.0)
    camera = vtkCamera()
    camera.SetPosition(*view.position)
    camera.SetFocalPoint(*view.centre)
    camera.SetViewUp(*view.up)
    camera.SetViewAngle(ANGLE)
    matrix = camera.GetCompositeProjectionTransformMatrix(aspect, -1, 1)
    rows = np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)])
    seen = np.column_stack([PLACES, np.ones(len(PLACES))]) @ rows.T
    expected = 0.5 + 0.5 * seen[:, :2] / seen[:, 3:]
    assert np.allclose(view.seen(PLACES, aspect), expected)


@pytest.mark.parametrize(("elevation", "azimuth"), DIRECTIONS)
def test_a_fitted_camera_fills_its_part_of_the_picture(elevation, azimuth):
    room = (0.1, 0.2, 0.7, 0.9)
    seen = fitted(elevation, azimuth, PLACES, 4 / 3, room).seen(PLACES, 4 / 3)
    low, high = seen.min(0), seen.max(0)
    assert np.all(low > np.array(room[:2]) - 1e-3) and np.all(high < np.array(room[2:]) + 1e-3)
    # One of the two sides is used to its end, and the other is in the middle.
    assert np.min((np.array(room[2:]) - room[:2]) - (high - low)) == pytest.approx(0, abs=1e-3)
    assert np.allclose((low + high) / 2, [0.4, 0.55], atol=1e-3)


def test_axes_of_the_picture_are_orthonormal_and_right_handed():
    view = View(25.0, -70.0, np.zeros(3), 10.0)
    frame = np.stack([view.right, view.up, view.towards])
    assert np.allclose(frame @ frame.T, np.eye(3))
    assert np.linalg.det(frame) == pytest.approx(1)
    assert view.up[2] > 0


def test_a_whole_turn_leads_back():
    view = fitted(20.0, -60.0, PLACES, 1.0)
    assert np.allclose(view.turned(360).seen(PLACES, 1.0), view.seen(PLACES, 1.0))
    assert not np.allclose(view.turned(90).seen(PLACES, 1.0), view.seen(PLACES, 1.0))
