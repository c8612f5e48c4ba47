"""ω² is unbiased, and its intervals cover; differences between distances too."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from rnnpipe.population.statistics.explained import explained, explained_difference
from rnnpipe.population.statistics.regression import Design
from tests.population.statistics.grouped_clouds import cloud


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def planted(rng, labels: np.ndarray, share: float, dimensions: int) -> np.ndarray:
    """Places (network, dimension) in groups along a line that explain a share of the variance."""
    sizes = np.bincount(labels)
    places = np.arange(len(sizes)) - labels.mean()
    between = np.mean(places[labels] ** 2)
    places = places * np.sqrt(share / (1 - share) * dimensions / between)
    points = rng.standard_normal((len(labels), dimensions))
    points[:, 0] += places[labels]
    return points


def apart(points: np.ndarray) -> np.ndarray:
    return squareform(pdist(points))


def test_it_is_the_omega_squared_of_analysis_of_variance(rng):
    labels = np.repeat([0, 1, 2], [4, 7, 9])
    values = rng.standard_normal(20) + labels
    total = np.sum((values - values.mean()) ** 2)
    means = np.array([values[labels == g].mean() for g in range(3)])
    within = np.sum((values - means[labels]) ** 2)
    square = within / 17
    expected = (total - within - 2 * square) / (total + square)
    found = explained(np.abs(values[:, None] - values), labels, Design.of(labels))
    assert found.omega2 == pytest.approx(expected, rel=1e-9)
    assert found.omega2_low < expected < found.omega2_high


def test_given_another_factor_it_is_what_the_factor_adds(rng):
    """In a crossed design shares add up; unexplained variance stays in the whole."""
    a, b = np.arange(80) % 2, np.arange(80) // 2 % 2
    points = rng.standard_normal((80, 4))
    points[:, 0] += 2.0 * a
    points[:, 1] += 3.0 * b
    distances = apart(points)
    first, second = (
        explained(distances, own, Design.of(own, [other])).omega2 for own, other in ((a, b), (b, a))
    )
    assert first == pytest.approx(1 / (1 + 2.25 + 4), abs=0.06)
    assert second == pytest.approx(2.25 / (1 + 2.25 + 4), abs=0.06)


def test_leaving_a_network_out_is_done_in_closed_form(rng):
    """The interval's jackknife, against estimates from the smaller matrices themselves."""
    from rnnpipe.population.statistics import explained as module

    labels, other = np.arange(14) % 2, np.arange(14) // 2 % 3
    distances = cloud(rng, labels, 0.8)
    estimate = module._estimate(distances, Design.of(labels, [other]))
    for left in range(14):
        kept = np.delete(np.arange(14), left)
        smaller = explained(
            distances[np.ix_(kept, kept)], labels[kept], Design.of(labels[kept], [other[kept]])
        )
        assert estimate.left_out[left] == pytest.approx(np.log(1 - smaller.omega2))


@pytest.mark.parametrize("sizes", [(4, 4), (10, 10), (4, 20)])
@pytest.mark.parametrize(("dimensions", "share"), [(1, 0.3), (5, 0.0), (5, 0.5)])
def test_the_interval_covers_the_share(rng, sizes, dimensions, share):
    labels = np.repeat([0, 1], sizes)
    design = Design.of(labels)
    found = [
        explained(apart(planted(rng, labels, share, dimensions)), labels, design)
        for _ in range(150)
    ]
    covered = np.mean([one.omega2_low <= share <= one.omega2_high for one in found])
    assert covered >= 0.92 - 0.03
    if dimensions > 1:
        assert np.mean([one.omega2 for one in found]) == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("alike", [0.0, 0.8])
def test_the_interval_of_a_difference_covers_it(rng, alike):
    labels = np.repeat([0, 1, 2], 4)
    design = Design.of(labels)
    covered = 0
    for _ in range(150):
        first = rng.standard_normal((12, 5))
        second = alike * first + np.sqrt(1 - alike**2) * rng.standard_normal((12, 5))
        # Half of the variance of the first is explained, and none of the second.
        first[:, 0] += np.sqrt(5 / (2 / 3)) * (labels - 1)
        found = explained_difference(apart(first), apart(second), labels, design)
        covered += found.omega2_low <= 0.5 <= found.omega2_high
    assert covered / 150 >= 0.92 - 0.03


def test_a_difference_from_itself_is_none(rng):
    labels = np.arange(12) % 3
    distances = cloud(rng, labels, 1.0)
    found = explained_difference(distances, distances, labels, Design.of(labels))
    assert found.omega2 == 0 and found.omega2_low <= 0 <= found.omega2_high


def test_groups_of_fewer_than_four_have_no_interval(rng):
    labels = np.repeat([0, 1], [3, 9])
    distances = cloud(rng, labels, 1.0)
    for found in (
        explained(distances, labels, Design.of(labels)),
        explained_difference(distances, distances**2, labels, Design.of(labels)),
    ):
        assert np.isfinite(found.omega2)
        assert np.isnan([found.omega2_low, found.omega2_high]).all()


def test_identical_networks_are_explained_whole_and_nothing_explains_none(rng):
    labels = np.arange(12) % 3
    same = explained((labels[:, None] != labels).astype(float), labels, Design.of(labels))
    assert same.omega2 == pytest.approx(1) and same.omega2_low == same.omega2_high
    for distances, design in (
        (np.zeros((12, 12)), Design.of(labels)),
        (cloud(rng, labels, 1.0), Design.of(labels, [labels])),
        (cloud(rng, labels, 1.0), Design.of(np.arange(12))),
    ):
        assert np.isnan(explained(distances, labels, design).omega2)


@pytest.mark.filterwarnings("error")
def test_nothing_is_explained_where_no_more_than_one_network_differs():
    """Without the one that differs all distances are zero, and so are squares of tiny ones."""
    labels = np.arange(12) % 2
    apart = np.zeros((12, 12))
    apart[0, 1:] = apart[1:, 0] = 1.0
    found = explained(apart, labels, Design.of(labels))
    assert found.omega2 == pytest.approx(0) and found.omega2_low <= 0 < found.omega2_high < 1
    for distances in (0 * apart, 1e-200 * apart):
        assert np.isnan(explained(distances, labels, Design.of(labels)).omega2)


def test_a_network_alone_with_its_level_leaves_the_others_an_interval(rng):
    labels, other = np.arange(13) % 2, np.append(np.zeros(12, int), 1)
    found = explained(cloud(rng, labels, 1.0), labels, Design.of(labels, [other]))
    assert found.omega2_low < found.omega2 < found.omega2_high
