"""Means within and between groups, and how their scatter differs."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from rnnpipe.population.statistics.groups import scatter_difference, within_between
from tests.population.statistics.grouped_clouds import cloud


def test_the_means_are_over_pairs_of_different_networks():
    rng = np.random.default_rng(0)
    labels = np.array([0, 1, 0, 0, 1, 2])
    distances = cloud(rng, labels, 1.0)
    i, j = np.triu_indices(6, 1)
    same = labels[i] == labels[j]
    found = within_between(distances, labels)
    assert found.within == pytest.approx(distances[i, j][same].mean())
    assert found.between == pytest.approx(distances[i, j][~same].mean())
    assert found.ratio == pytest.approx(found.within / found.between)


def test_labels_without_meaning_give_a_ratio_of_one():
    rng = np.random.default_rng(0)
    found = within_between(cloud(rng, np.zeros(200, int), 0.0), np.arange(200) % 4)
    assert found.ratio == pytest.approx(1, abs=0.02)


def test_what_has_no_pairs_has_no_mean():
    distances = np.ones((3, 3)) - np.eye(3)
    alone = within_between(distances, np.arange(3))
    assert np.isnan(alone.within) and alone.between == 1 and np.isnan(alone.ratio)
    together = within_between(distances, np.zeros(3))
    assert together.within == 1 and np.isnan(together.between) and np.isnan(together.ratio)
    assert np.isnan(within_between(np.zeros((3, 3)), np.array([0, 0, 1])).ratio)


def test_a_sample_that_scatters_more_is_farther_apart_by_the_difference_of_means():
    rng = np.random.default_rng(0)
    wide = np.repeat([True, False], [5, 7])
    distances = cloud(rng, np.zeros(12, int), 0.0)
    found, low, high = scatter_difference(distances, wide)
    means = [pdist_mean(distances[np.ix_(side, side)]) for side in (wide, ~wide)]
    assert found == pytest.approx(means[0] - means[1])
    assert low < found < high
    turned = scatter_difference(distances, ~wide)
    np.testing.assert_allclose(turned, (-found, -high, -low))


def pdist_mean(square: np.ndarray) -> float:
    return float(squareform(square).mean())


@pytest.mark.parametrize("sizes", [(4, 4), (4, 20), (10, 10)])
def test_the_interval_of_the_difference_covers_it(sizes):
    """Scales of 1 and 2 in five dimensions; distances of a pair average 3.06 and 6.12."""
    rng = np.random.default_rng(0)
    wide = np.repeat([True, False], sizes)
    true = pdist(rng.standard_normal((2000, 5))).mean()
    covered = 0
    for _ in range(300):
        points = rng.standard_normal((len(wide), 5)) * (1 + wide[:, None])
        _, low, high = scatter_difference(squareform(pdist(points)), wide)
        covered += low <= true <= high
    assert covered / 300 >= 0.92 - 0.02


def test_small_samples_have_no_interval_and_single_networks_no_difference():
    distances = cloud(np.random.default_rng(0), np.zeros(9, int), 0.0)
    found, low, high = scatter_difference(distances, np.arange(9) < 3)
    assert np.isfinite(found) and np.isnan([low, high]).all()
    assert np.isnan(scatter_difference(distances, np.arange(9) < 1)).all()
