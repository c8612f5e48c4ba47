"""Hedges' g within places: as without them in one, and blind to what places differ in."""

import numpy as np
import pytest

from rnnpipe.population.statistics.effect_size import hedges_g, interval
from rnnpipe.population.statistics.matched import matched_effect


def test_in_a_single_place_it_is_hedges_g_with_its_interval():
    rng = np.random.default_rng(0)
    values, sample = rng.normal(size=14), np.arange(14) < 6
    found = matched_effect(values, sample, np.zeros(14))
    own, others = values[sample], values[~sample]
    np.testing.assert_allclose(found, [hedges_g(own, others), *interval(own, others)])


def test_what_places_differ_in_does_not_matter():
    rng = np.random.default_rng(0)
    places, sample = np.repeat([0, 1], 12), np.tile([True, False], 12)
    values = rng.normal(size=24) + sample
    found = matched_effect(values, sample, places)
    moved = matched_effect(values + 100 * places, sample, places)
    np.testing.assert_allclose(found, moved)
    assert found[1] < found[0] < found[2]
    # Four of one side in one place make no interval of three in another.
    few = np.concatenate([np.arange(12), [12, 13, 14, 15, 16, 17]])
    assert np.isnan(matched_effect(values[few], sample[few], places[few])[1:]).all()


@pytest.mark.parametrize("values", [np.zeros(0), np.ones(8), np.repeat([0.1 + 0.2, 1.0], 4)])
def test_where_nothing_varies_within_there_is_no_effect_size(values):
    sample = np.arange(len(values)) < len(values) // 2
    assert np.isnan(matched_effect(values, sample, np.zeros(len(values)))).all()
