import numpy as np
import pytest

from rnnpipe.population.similarity.skeleton import unrelated
from rnnpipe.population.similarity.topology import topology_distances
from tests.population.similarity.random_skeletons import corners, nothing, random_skeleton


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_only_readouts_change_and_stay_in_range(rng):
    skeleton = random_skeleton(rng, points=400)
    found = unrelated(skeleton, np.array([-1.0, 2.0]), np.array([1.0, 3.0]), rng)
    assert found.probe is skeleton.probe and found.unstable is skeleton.unstable
    assert found.kind is skeleton.kind
    assert found.transitions is skeleton.transitions
    assert (found.readouts.min(0) >= [-1, 2]).all() and (found.readouts.max(0) <= [1, 3]).all()
    # Uniform: a mean in the middle, a variance of a twelfth of the square of the range.
    assert found.readouts.mean(0) == pytest.approx([0, 2.5], abs=0.1)
    assert found.readouts.var(0) == pytest.approx([4 / 12, 1 / 12], rel=0.2)


def test_equal_networks_are_far_closer_than_unrelated_ones(rng):
    """Three bits have 27 points in as many slots; those of chance are mostly in others."""
    own = [corners(3) for _ in range(6)]
    chance = [unrelated(skeleton, -np.ones(3), np.ones(3), rng) for skeleton in own]
    pairs = np.triu_indices(6, 1)
    assert not topology_distances(own, 1.0)[pairs].any()
    assert topology_distances(chance, 1.0)[pairs].min() > 0.75


def test_a_network_without_points_stays_without(rng):
    assert unrelated(nothing(), -np.ones(2), np.ones(2), rng).nodes == 0
