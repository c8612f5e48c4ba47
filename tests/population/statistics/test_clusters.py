"""Silhouettes and nearest neighbours tell how clear groups are."""

import numpy as np
import pytest

from rnnpipe.population.statistics.clusters import neighbour_accuracy, neighbour_chance, silhouette
from tests.population.statistics.grouped_clouds import cloud


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


def test_planted_groups_are_always_found(rng):
    labels = np.arange(30) % 3
    distances = cloud(rng, labels, 100.0)
    assert neighbour_accuracy(distances, labels) == 1
    assert neighbour_accuracy(distances, np.array(["gru", "lstm", "tanh"])[labels]) == 1


def test_labels_without_meaning_give_chance(rng):
    labels = np.repeat([0, 1, 2], [50, 10, 20])
    distances = cloud(rng, np.zeros(80, int), 0.0)
    found = [neighbour_accuracy(distances, rng.permutation(labels)) for _ in range(200)]
    assert np.mean(found) == pytest.approx(neighbour_chance(labels), abs=0.01)


def test_equal_neighbours_count_in_parts():
    labels = np.repeat([0, 1, 2], [5, 1, 2])
    found = neighbour_accuracy(np.ones((8, 8)) - np.eye(8), labels)
    assert found == pytest.approx(neighbour_chance(labels))
    assert found == pytest.approx((5 * 4 + 2 * 1) / 56)


def test_a_network_is_not_its_own_neighbour():
    distances = np.array([[0, 1, 3.0], [1, 0, 2], [3, 2, 0]])
    assert neighbour_accuracy(distances, np.array([0, 1, 1])) == pytest.approx(1 / 3)


@pytest.mark.parametrize("networks", [0, 1])
def test_one_network_has_no_neighbour(networks):
    assert np.isnan(neighbour_accuracy(np.zeros((networks, networks)), np.zeros(networks)))
    assert np.isnan(neighbour_chance(np.zeros(networks)))
