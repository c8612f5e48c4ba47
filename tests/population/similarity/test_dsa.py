import sys

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.stats import ortho_group

from rnnpipe.population.similarity.dsa import dsa_distances
from tests.population.similarity.related_populations import assert_proper


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def spiral(rng: np.random.Generator, angle: float, radius: float) -> np.ndarray:
    """Trajectories (trial, time, unit) of a damped rotation, without noise."""
    steps = (radius * np.exp(1j * angle)) ** np.arange(60)
    path = (rng.normal(size=(8, 1)) + 1j * rng.normal(size=(8, 1))) * steps
    return np.stack([path.real, path.imag], axis=-1)


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "DSA", None)
    with pytest.raises(ImportError, match=r"pip install -r requirements-dsa\.txt"):
        dsa_distances([np.zeros((1, 9, 2))] * 2)


def test_networks_are_as_far_as_their_eigenvalues(rng):
    pytest.importorskip("DSA")
    kinds = [(0.3, 0.99), (0.3, 0.99), (1.0, 0.9)]
    found = dsa_distances([spiral(rng, *kind) for kind in kinds], delays=1, rank=2)
    assert_proper(found)
    assert found[0, 1] < 1e-3
    pairs = [radius * np.exp(np.array([1j, -1j]) * angle) for angle, radius in kinds]
    squares = np.abs(pairs[0][:, None] - pairs[2]) ** 2
    matched = linear_sum_assignment(squares)
    assert found[0, 2] == pytest.approx(np.sqrt(squares[matched].mean()), rel=1e-3)


def test_a_rotated_copy_in_more_units_is_near_and_other_dynamics_are_not(rng):
    pytest.importorskip("DSA")
    one, other = spiral(rng, 0.3, 0.99), spiral(rng, 0.8, 0.95)
    rotation = ortho_group.rvs(5, random_state=rng)[:2]
    found = dsa_distances([one, one @ rotation, other], delays=3, rank=2)
    assert_proper(found)
    assert found[0, 1] < 2e-3
    assert found[0, 2] > 0.1


@pytest.mark.parametrize(
    ("trajectories", "complaint"),
    [
        ([np.zeros((1, 9, 2))], "two networks"),
        ([np.zeros((1, 9, 2)), np.zeros((1, 5, 2))], "network 1: trajectories are"),
        ([np.full((1, 9, 2), np.nan)] * 2, "network 0: trajectories hold NaN"),
    ],
)
def test_what_cannot_be_analysed_is_named(trajectories, complaint):
    with pytest.raises(ValueError, match=complaint):
        dsa_distances(trajectories)
