"""Projections keep what they should, and nothing hides behind anything else."""

import itertools

import numpy as np
import pandas as pd

from rnnpipe.figures.projection import camera, oblique, project, project_vectors, view

CUBE = np.array(list(itertools.product([-1.0, 0.0, 1.0], repeat=3)))


def components(rng, units=6, count=3):
    directions = np.linalg.qr(rng.normal(size=(units, count)))[0].T
    mean = rng.normal(size=units)
    frame = pd.DataFrame(
        {"component": range(count), "direction": list(directions), "mean": [mean] * count}
    )
    return frame, directions, mean


def closest(places):
    return min(np.linalg.norm(a - b) for a, b in itertools.combinations(places, 2))


def test_states_are_centred_and_vectors_are_not():
    rng = np.random.default_rng(0)
    frame, directions, mean = components(rng)
    states = rng.normal(size=(5, 6))
    shuffled = frame.iloc[[2, 0, 1]]
    assert np.allclose(project(states, shuffled, 2), (states - mean) @ directions[:2].T)
    assert np.allclose(project_vectors(states, frame, 3), states @ directions.T)
    assert np.allclose(project(mean[None], frame, 3), 0)


def test_missing_components_are_zero():
    frame, _, _ = components(np.random.default_rng(1), count=2)
    assert np.all(project(np.ones((4, 6)), frame, 3)[:, 2] == 0)


def test_oblique_cubes_hide_no_point_and_keep_edges_parallel():
    places = oblique(CUBE)
    assert closest(places) > 0.15
    assert np.allclose(oblique(CUBE[:1]) + oblique(CUBE[-1:]), 0)


def test_the_view_along_a_diagonal_hides_corners_and_the_camera_avoids_it():
    along = view(CUBE, np.rad2deg(np.arctan(np.sqrt(0.5))), 45.0)
    assert closest(along) < 1e-12
    assert closest(view(CUBE, *camera(CUBE))) > 0.15


def test_the_camera_copes_with_turned_cubes_and_with_few_points():
    for seed in range(5):
        turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0]
        assert closest(view(CUBE @ turn, *camera(CUBE @ turn))) > 0.1
    assert camera(CUBE[:0]) == camera(CUBE[:1])


def test_a_view_is_an_orthogonal_projection():
    rng = np.random.default_rng(2)
    points = rng.normal(size=(20, 3))
    axes = view(np.eye(3), 25.0, -40.0)
    assert np.allclose(axes.T @ axes, np.eye(2))
    assert np.allclose(view(points, 25.0, -40.0), points @ axes)
