import numpy as np
import pytest
from scipy.stats import binomtest, norm

from rnnpipe.dynamics.shares import QUANTILE, wilson_interval
from rnnpipe.population.statistics.jackknife import CONFIDENCE


@pytest.mark.parametrize("trials", [1, 4, 29, 263])
def test_the_interval_of_a_share_is_that_of_scipy(trials):
    counts = np.arange(trials + 1)
    expected = [binomtest(k, trials).proportion_ci(CONFIDENCE, "wilson") for k in counts]
    assert np.column_stack(wilson_interval(counts, trials)) == pytest.approx(np.array(expected))
    low, high = wilson_interval(counts, trials)
    assert low[0] == 0 and high[-1] == 1


def test_without_trials_nothing_is_known():
    assert np.isnan(wilson_interval(np.zeros(2), 0)).all()


def test_the_quantile_is_that_of_the_confidence_of_all_intervals():
    assert norm.ppf((1 + CONFIDENCE) / 2) == QUANTILE
