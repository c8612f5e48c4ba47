import numpy as np
import pytest

from rnnpipe.population.similarity.silhouette import silhouette
from tests.population.similarity.grouped_clouds import cloud


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_it_is_the_mean_over_networks_of_rousseeuws_formula(rng):
    labels = np.array([0, 1, 0, 1, 1, 0, 0, 2, 2])
    distances = cloud(rng, labels, 1.0)
    values = []
    for network, label in enumerate(labels):
        own = [m for m in np.flatnonzero(labels == label) if m != network]
        within = distances[network, own].mean()
        other = min(distances[network, labels == g].mean() for g in set(labels) - {label})
        values.append((other - within) / max(other, within))
    assert silhouette(distances, labels) == pytest.approx(np.mean(values))


def test_planted_groups_give_nearly_one_and_chance_nothing(rng):
    labels = np.arange(60) % 3
    assert silhouette(cloud(rng, labels, 100.0), labels) > 0.95
    assert abs(silhouette(cloud(rng, np.zeros(60, int), 0.0), labels)) < 0.05


@pytest.mark.parametrize("labels", [np.zeros(6), np.arange(6), np.zeros(0)])
def test_one_group_or_single_networks_tell_nothing(rng, labels):
    assert np.isnan(silhouette(cloud(rng, np.zeros(len(labels), int), 0.0), labels))
