"""Means within and between groups, R² and their intervals."""

import numpy as np
import pytest

from rnnpipe.population.statistics.groups import (
    Groups,
    explained,
    intervals,
    mean_between,
    mean_within,
    pair_means,
    resample,
    within_between,
)
from rnnpipe.population.statistics.permutation_tests import permanova
from tests.population.statistics.grouped_clouds import cloud

LABELS = np.repeat(["c", "a", "b"], [7, 12, 9])
CODES = np.repeat([2, 0, 1], [7, 12, 9])


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


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_every_network_once_gives_the_plain_r2_and_means(rng):
    distances = cloud(rng, CODES, 1.0)
    groups = Groups.of(LABELS)
    once = np.ones((1, len(LABELS)))
    r2 = explained(pair_means(distances**2, once, groups), groups)
    assert r2[0] == pytest.approx(permanova(distances, LABELS, seed=0, permutations=9).r2)
    plain = within_between(distances, LABELS)
    means = pair_means(distances, once, groups)
    assert mean_within(means, groups)[0] == pytest.approx(plain.within)
    assert mean_between(means, groups)[0] == pytest.approx(plain.between)


def test_means_of_a_resample_leave_out_pairs_of_copies(rng):
    distances = cloud(rng, CODES, 1.0)
    groups = Groups.of(LABELS)
    counts = resample(groups, rng, 1)
    means = pair_means(distances, counts, groups)[0]
    drawn = np.repeat(np.arange(len(LABELS)), counts[0].astype(int))
    for one in range(3):
        for two in range(3):
            pairs = [
                distances[i, j]
                for i in drawn[CODES[drawn] == one]
                for j in drawn[CODES[drawn] == two]
                if i != j
            ]
            assert means[one, two] == pytest.approx(np.mean(pairs))


def test_resamples_keep_the_sizes_of_groups_and_two_originals(rng):
    groups = Groups.of(np.array([0, 0, 1, 2, 2, 2, 2]))
    counts = resample(groups, rng, 500)
    np.testing.assert_array_equal(counts @ groups.indicator, np.tile([2, 1, 4], (500, 1)))
    np.testing.assert_array_equal(counts[:, :3], 1)
    assert (counts[:, 3:].max(1) < 4).all()
    assert counts[:, 3:].std() > 0.5


def test_copies_do_not_make_groups_look_tighter(rng):
    """With pairs of copies among them the mean R2 of resamples of 4 is twice the plain one."""
    labels = np.arange(16) % 4
    groups = Groups.of(labels)
    distances = cloud(rng, np.zeros(16, int), 0.0)
    plain = permanova(distances, labels, seed=0, permutations=9).r2
    resampled = explained(pair_means(distances**2, resample(groups, rng, 4000), groups), groups)
    assert resampled.mean() == pytest.approx(plain, abs=0.03)


def test_intervals_hold_the_plain_values_and_are_narrow_for_clear_groups(rng):
    widths = []
    for apart in (1.0, 50.0):
        distances = cloud(rng, CODES, apart)
        found = intervals(distances, LABELS, rng)
        r2 = permanova(distances, LABELS, seed=0, permutations=9).r2
        assert found.r2_low < r2 < found.r2_high
        assert found.ratio_low < within_between(distances, LABELS).ratio < found.ratio_high
        widths.append(found.r2_high - found.r2_low)
    assert widths[1] < 0.1 * widths[0]


def test_the_generator_decides(rng):
    distances = cloud(rng, CODES, 1.0)
    first, again, other = (
        intervals(distances, LABELS, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.parametrize("labels", [np.zeros(28), np.arange(28)])
def test_one_group_or_single_networks_tell_nothing(rng, labels):
    found = intervals(cloud(rng, CODES, 1.0), labels, rng)
    assert np.isnan([found.r2_low, found.r2_high, found.ratio_low, found.ratio_high]).all()


def test_networks_all_alike_tell_nothing(rng):
    found = intervals(np.zeros((28, 28)), LABELS, rng, resamples=10)
    assert np.isnan([found.r2_low, found.r2_high, found.ratio_low, found.ratio_high]).all()
