import numpy as np
import pytest

from rnnpipe.population.similarity.bootstrap import intervals, pair_means, resample
from rnnpipe.population.similarity.groups import Groups, explained, mean_between, mean_within
from rnnpipe.population.similarity.permanova import permanova
from rnnpipe.population.similarity.within_between import within_between
from tests.population.similarity.grouped_clouds import cloud

LABELS = np.repeat(["c", "a", "b"], [7, 12, 9])
CODES = np.repeat([2, 0, 1], [7, 12, 9])


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
