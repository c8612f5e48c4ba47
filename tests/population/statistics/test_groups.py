"""Means within and between groups, and how their scatter differs."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from rnnpipe.population.statistics.groups import scatter_difference, within_between
from rnnpipe.population.statistics.jackknife import jackknife_reach
from tests.population.statistics.grouped_clouds import cloud

ONE_PLACE = np.zeros(40, int)


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
    found, low, high = scatter_difference(distances, wide, ONE_PLACE[:12])
    means = [pdist_mean(distances[np.ix_(side, side)]) for side in (wide, ~wide)]
    assert found == pytest.approx(means[0] - means[1])
    assert low < found < high
    turned = scatter_difference(distances, ~wide, ONE_PLACE[:12])
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
        _, low, high = scatter_difference(squareform(pdist(points)), wide, ONE_PLACE[: len(wide)])
        covered += low <= true <= high
    assert covered / 300 >= 0.92 - 0.02


def test_small_samples_have_no_interval_and_single_networks_no_difference():
    distances = cloud(np.random.default_rng(0), np.zeros(9, int), 0.0)
    found, low, high = scatter_difference(distances, np.arange(9) < 3, ONE_PLACE[:9])
    assert np.isfinite(found) and np.isnan([low, high]).all()
    assert np.isnan(scatter_difference(distances, np.arange(9) < 1, ONE_PLACE[:9])).all()


@pytest.fixture
def uneven() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two places far apart, of which one sample has 12 and 4 networks, the other 4 and 4."""
    wide = np.repeat([False, False, True, True], [12, 4, 4, 4])
    places = np.repeat(["near", "far", "near", "far"], [12, 4, 4, 4])
    points = np.random.default_rng(1).standard_normal((24, 5))
    points[places == "far", 0] += 20
    return squareform(pdist(points)), wide, places


def test_a_sample_with_more_networks_in_one_place_is_not_closer_for_that(uneven):
    distances, wide, places = uneven
    crude = pdist_mean(distances[np.ix_(wide, wide)]) - pdist_mean(distances[np.ix_(~wide, ~wide)])
    found, low, high = scatter_difference(distances, wide, places)
    assert crude > 2 and abs(found) < 0.5 and low < 0 < high


def test_the_jackknife_leaves_out_what_it_says(uneven):
    """The reach of the interval follows from differences without each network, computed anew."""
    distances, wide, places = uneven
    found, low, high = scatter_difference(distances, wide, places)
    without = np.array(
        [
            scatter_difference(*(np.delete(distances[kept], i, 1), wide[kept], places[kept]))[0]
            for i, kept in ((i, np.arange(24) != i) for i in range(24))
        ]
    )
    cohorts = np.unique(
        [f"{p} {w}" for p, w in zip(places, wide, strict=True)], return_inverse=True
    )[1]
    reach = jackknife_reach(without, cohorts, alike_by_chance=True)
    assert (found - low, high - found) == pytest.approx((reach, reach))


def test_few_networks_that_are_alike_vary_no_less_than_all_do():
    groups, rng = np.repeat([0, 1], [4, 20]), np.random.default_rng(0)
    without = np.where(groups, rng.standard_normal(24), 0.0)
    plain = jackknife_reach(without, groups)
    assert jackknife_reach(without, groups, alike_by_chance=True) > 2 * plain
    # Of as many networks nothing is taken to be chance; nor where the few vary more.
    for first, more in ((20, 0.0), (4, 100.0)):
        groups = np.repeat([0, 1], [first, 20])
        without = np.where(groups, 1.0, more) * rng.standard_normal(len(groups))
        plain = jackknife_reach(without, groups)
        assert jackknife_reach(without, groups, alike_by_chance=True) == plain


def test_a_place_without_networks_of_one_sample_cannot_be_compared(uneven):
    distances, wide, places = uneven
    places = np.where(wide, places, "near")
    assert np.isnan(scatter_difference(distances, wide, places)).all()
