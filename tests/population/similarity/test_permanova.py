import numpy as np
import pytest

from rnnpipe.population.similarity.permanova import permanova
from tests.population.similarity.grouped_clouds import cloud


def by_hand(distances: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """R2 and pseudo-F, term by term (Anderson 2001)."""
    squares = np.triu(distances**2, 1)
    total = squares.sum() / len(labels)
    within = 0.0
    for label in set(labels):
        members = np.flatnonzero(labels == label)
        within += squares[np.ix_(members, members)].sum() / len(members)
    groups = len(set(labels))
    f = ((total - within) / (groups - 1)) / (within / (len(labels) - groups))
    return 1 - within / total, f


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_r2_and_f_are_those_of_the_formula(rng):
    labels = np.repeat([0, 1, 2], [5, 9, 6])
    distances = cloud(rng, labels, 1.0)
    found = permanova(distances, np.array(["gru", "lstm", "tanh"])[labels], seed=1)
    r2, f = by_hand(distances, labels)
    assert (found.networks, found.groups) == (20, 3)
    assert found.r2 == pytest.approx(r2, rel=1e-10)
    assert found.f == pytest.approx(f, rel=1e-10)


def test_planted_groups_explain_nearly_everything(rng):
    labels = np.arange(30) % 3
    found = permanova(cloud(rng, labels, 100.0), labels, seed=1, permutations=199)
    assert found.r2 > 0.99
    assert found.p == pytest.approx(1 / 200)


def test_labels_without_meaning_explain_what_chance_does(rng):
    distances = cloud(rng, np.zeros(40, int), 0.0)
    draws = [
        permanova(distances, rng.permutation(np.arange(40) % 4), seed, permutations=99)
        for seed in range(60)
    ]
    assert np.mean([found.r2 for found in draws]) == pytest.approx(3 / 39, rel=0.05)
    p = np.array([found.p for found in draws])
    assert 0.4 < p.mean() < 0.6
    assert (p < 0.1).mean() < 0.2


def test_the_seed_decides_the_permutations(rng):
    labels = np.arange(20) % 2
    distances = cloud(rng, labels, 0.5)
    found = [permanova(distances, labels, seed, 99).p for seed in (1, 1, 2, 3, 4)]
    assert found[0] == found[1]
    assert len(set(found)) > 1


@pytest.mark.parametrize("labels", [np.zeros(6), np.arange(6)])
def test_one_group_or_single_networks_tell_nothing(rng, labels):
    found = permanova(cloud(rng, np.zeros(6, int), 0.0), labels, seed=1)
    assert np.isnan([found.r2, found.f, found.p]).all()


def test_networks_all_alike_tell_nothing():
    found = permanova(np.zeros((6, 6)), np.arange(6) % 2, seed=1)
    assert np.isnan([found.r2, found.f, found.p]).all()


def test_groups_of_identical_networks_explain_everything():
    labels = np.arange(8) % 2
    found = permanova((labels[:, None] != labels).astype(float), labels, seed=1)
    assert found.r2 == 1
    assert found.p < 0.1
