from dataclasses import replace

import numpy as np
import pytest

from rnnpipe.population.similarity.skeleton import Skeleton
from rnnpipe.population.similarity.topology import topology_distances
from tests.population.similarity.random_skeletons import corners, nothing, permuted, random_skeleton
from tests.population.similarity.related_populations import assert_proper

WIDTH = 0.5


def by_hand(one: Skeleton, two: Skeleton) -> float:
    """The distance of two networks, slot by slot and point by point."""
    keys = [
        [
            (*own, *level)
            for *own, level in zip(s.probe, s.kind, np.rint(s.readouts / WIDTH), strict=True)
        ]
        for s in (one, two)
    ]
    slots = sorted(set(keys[0] + keys[1]))
    total = 0.0
    for slot in slots:
        modes, ends = np.zeros((2, 10)), np.zeros((2, len(slots) + 1))
        for side, skeleton in enumerate((one, two)):
            here = [point for point, key in enumerate(keys[side]) if key == slot]
            for point in here:
                modes[side, skeleton.unstable[point]] += 1 / len(here)
                ends[side, -1] += skeleton.transitions[point, -1] / len(here)
                for to, key in enumerate(keys[side]):
                    ends[side, slots.index(key)] += skeleton.transitions[point, to] / len(here)
        if not modes.any(1).all():
            total += 1
        else:
            total += (abs(modes[0] - modes[1]).sum() + abs(ends[0] - ends[1]).sum()) / 4
    return total / len(slots)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_all_pairs_at_once_are_each_pair_by_hand(rng):
    skeletons = [random_skeleton(rng, points) for points in (4, 12, 20, 1, 9)]
    found = topology_distances(skeletons, WIDTH)
    assert_proper(found)
    assert found.max() <= 1
    for i in range(5):
        for j in range(i):
            assert found[i, j] == pytest.approx(by_hand(skeletons[i], skeletons[j]), abs=1e-12)


def test_the_order_of_nodes_does_not_matter(rng):
    skeleton = random_skeleton(rng, 15)
    other = permuted(skeleton, rng.permutation(15))
    assert topology_distances([skeleton, other], WIDTH)[0, 1] < 1e-12


def test_readouts_matter_up_to_their_level_only(rng):
    ideal = corners()
    noise = rng.uniform(-0.2, 0.2, ideal.readouts.shape)
    shaken = replace(ideal, readouts=ideal.readouts + noise)
    moved = replace(ideal, readouts=ideal.readouts + 5)
    found = topology_distances([ideal, shaken, moved], WIDTH)
    assert found[0, 1] == 0
    assert found[0, 2] == 1


def test_one_changed_point_counts_its_share(rng):
    ideal = corners()
    unstable = ideal.unstable.copy()
    unstable[0] += 1
    less_stable = replace(ideal, unstable=unstable)
    transitions = ideal.transitions.copy()
    transitions[0] = np.eye(10)[-1]
    lost = replace(ideal, transitions=transitions)
    kept = np.array([n for n in range(9) if n != 4])
    fewer = Skeleton(
        ideal.readouts[kept],
        ideal.probe[kept],
        ideal.kind[kept],
        ideal.unstable[kept],
        ideal.transitions[kept][:, [*kept, 9]],
    )
    found = topology_distances([ideal, less_stable, lost, fewer], WIDTH)[0]
    np.testing.assert_allclose(found, [0, 0.5 / 9, 0.5 / 9, 1 / 9], atol=1e-12)


def test_the_same_readouts_under_another_probe_are_other_nodes():
    ideal = corners()
    other = replace(ideal, probe=ideal.probe + 1)
    assert topology_distances([ideal, other], WIDTH)[0, 1] == 1


def test_a_limit_cycle_in_the_place_of_a_fixed_point_is_another_node():
    """All else is equal: the two networks differ in the two slots of nine and one more."""
    ideal = corners()
    kind = ideal.kind.copy()
    kind[0] = 2
    # Nobody goes there, so that the transitions of the other points are the same.
    apart = replace(ideal, transitions=np.eye(9, 10))
    found = topology_distances([apart, replace(apart, kind=kind)] * 2, WIDTH)
    assert found[0, 1] == pytest.approx(2 / 10) and found[0, 2] == found[1, 3] == 0


def test_a_network_without_points_is_far_from_all_others_even_from_its_like():
    """There is always a point; that none was found is nothing that networks have in common."""
    found = topology_distances([nothing(), corners(), nothing()], WIDTH)
    np.testing.assert_array_equal(found, 1 - np.eye(3))
