import numpy as np
import ot
import pytest

from rnnpipe.population.similarity.quantiles import profile_distances, quantile_profile
from tests.population.similarity.related_populations import assert_proper


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def wasserstein(one: np.ndarray, two: np.ndarray) -> float:
    return float(np.sqrt(ot.wasserstein_1d(one, two, p=2)))


def test_where_numbers_divide_the_bins_the_distance_is_that_of_wasserstein(rng):
    samples = [rng.normal(size=size) for size in (2, 4, 16, 64, 64)]
    found = profile_distances(np.array([quantile_profile(s, 64) for s in samples]))
    assert_proper(found)
    for i in range(5):
        for j in range(i):
            assert found[i, j] == pytest.approx(wasserstein(samples[i], samples[j]), rel=1e-10)


def test_elsewhere_it_is_a_close_bound_from_below(rng):
    samples = [rng.normal(loc, size=size) for loc, size in ((0, 7), (0, 23), (1, 100), (1, 99))]
    found = profile_distances(np.array([quantile_profile(s, 512) for s in samples]))
    for i in range(4):
        for j in range(i):
            exact = wasserstein(samples[i], samples[j])
            assert found[i, j] <= exact + 1e-12
            assert found[i, j] == pytest.approx(exact, rel=0.02)


def test_a_profile_has_the_mean_of_its_values_and_knows_no_order(rng):
    values = rng.normal(size=37)
    profile = quantile_profile(values, 10)
    assert profile.mean() == pytest.approx(values.mean())
    assert (np.diff(profile) >= 0).all()
    np.testing.assert_allclose(quantile_profile(rng.permutation(values), 10), profile, rtol=1e-12)


@pytest.mark.parametrize("values", [[], [0.0, np.nan], [np.inf]])
def test_what_has_no_distribution_can_be_compared_with_nothing(values):
    profiles = np.array([quantile_profile(np.array(values), 8), np.zeros(8), np.ones(8)])
    found = profile_distances(profiles)
    assert_proper(found)
    assert np.isnan(found[0, 1:]).all()
    assert found[1, 2] == 1
