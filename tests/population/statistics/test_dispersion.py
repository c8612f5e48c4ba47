"""Groups that scatter differently are told from groups at different places."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform
from skbio.stats.distance import DistanceMatrix, permdisp

from rnnpipe.population.statistics.dispersion import centroid_distances, dispersion_test
from rnnpipe.population.statistics.regression import Design


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def apart(points: np.ndarray) -> np.ndarray:
    return squareform(pdist(points))


def test_distances_to_centroids_are_those_of_the_points(rng):
    labels, points = np.repeat([0, 1, 2], [3, 5, 1]), rng.standard_normal((9, 4))
    found = centroid_distances(apart(points), labels)
    for group, size in ((0, 3), (1, 5)):
        own = points[labels == group]
        expected = np.linalg.norm(own - own.mean(0), axis=1) * np.sqrt(size / (size - 1))
        np.testing.assert_allclose(found[labels == group], expected)
    assert found[-1] == 0


def test_along_imaginary_axes_squares_are_subtracted():
    """Four points that no space holds: three at 1 from the fourth, and 2.2 from each other."""
    distances = np.full((4, 4), 2.2)
    distances[3], distances[:, 3] = 1.0, 1.0
    np.fill_diagonal(distances, 0.0)
    centred = np.eye(4) - 0.25
    products = centred @ (-0.5 * distances**2) @ centred
    assert np.linalg.eigvalsh(products)[0] < -0.1
    expected = np.sqrt(np.abs(np.diag(products)) * 4 / 3)
    np.testing.assert_allclose(centroid_distances(distances, np.zeros(4, int)), expected)


def test_in_groups_of_equal_size_f_is_that_of_scikit_bio_less_what_the_centroid_adds(rng):
    labels = np.arange(24) % 3
    distances = apart(rng.standard_normal((24, 4)) * (1 + 0.3 * labels[:, None]))
    reference = permdisp(DistanceMatrix(distances), labels, test="centroid", permutations=99)
    found = dispersion_test(distances, Design.of(labels), rng, 99)
    assert found.dispersion_f == pytest.approx(reference["test statistic"] * 6 / 7, rel=1e-8)


@pytest.mark.parametrize("sizes", [(4, 4, 4), (4, 20), (4, 20, 20)])
def test_it_is_significant_as_often_as_it_should_be(rng, sizes):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    p = [
        dispersion_test(apart(rng.standard_normal((len(labels), 5))), Design.of(labels), rng, 99)
        for _ in range(300)
    ]
    assert 0.02 - 0.015 < np.mean([one.dispersion_p <= 0.05 for one in p]) < 0.07 + 0.02


def test_wide_groups_are_found_and_distant_ones_are_not(rng):
    labels = np.repeat([0, 1], 12)
    points = rng.standard_normal((24, 5))
    wide = dispersion_test(apart(points * (1 + 2 * labels[:, None])), Design.of(labels), rng, 199)
    assert wide.dispersion_p < 0.02
    distant = dispersion_test(apart(points + 9 * labels[:, None]), Design.of(labels), rng, 199)
    assert distant.dispersion_p > 0.05


def test_another_factor_does_not_widen_groups(rng):
    """Networks far apart by one factor are near the centroid of their own cell."""
    labels, other = np.repeat([0, 1], [12, 8]), np.append(np.arange(12) % 2, np.zeros(8, int))
    points = rng.standard_normal((20, 5)) + 9.0 * other[:, None]
    assert dispersion_test(apart(points), Design.of(labels), rng, 199).dispersion_p < 0.05
    assert dispersion_test(apart(points), Design.of(labels, [other]), rng, 199).dispersion_p > 0.05


def test_what_makes_cohorts_without_being_asked_does_not_widen_groups(rng):
    """The cell of networks with two leaks: far apart, and near those of equal leak."""
    leak = np.repeat([0, 1, 2], 8)
    cell = (leak > 0).astype(int)
    distances = apart(rng.standard_normal((24, 5)) + 9.0 * leak[:, None])
    assert dispersion_test(distances, Design.of(cell), rng, 199).dispersion_p < 0.05
    assert dispersion_test(distances, Design.of(cell, (), leak), rng, 199).dispersion_p > 0.05


def test_pairs_and_networks_all_alike_tell_nothing(rng):
    labels = np.arange(6) % 3
    pairs = dispersion_test(apart(rng.standard_normal((6, 2))), Design.of(labels), rng, 9)
    alike = dispersion_test(np.zeros((6, 6)), Design.of(np.arange(6) % 2), rng, 9)
    assert np.isnan([pairs.dispersion_p, alike.dispersion_p]).all()
