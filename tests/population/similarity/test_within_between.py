import numpy as np
import pytest

from rnnpipe.population.similarity.within_between import within_between
from tests.population.similarity.grouped_clouds import cloud


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
