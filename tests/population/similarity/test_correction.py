import numpy as np

from rnnpipe.population.similarity.correction import adjusted


def test_it_is_the_step_up_procedure_of_benjamini_and_hochberg():
    p = np.array([0.01, 0.04, 0.03, 0.5])
    np.testing.assert_allclose(adjusted(p), [0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])


def test_tests_not_made_stay_so_and_do_not_count():
    p = np.array([0.01, np.nan, 0.04, np.nan])
    np.testing.assert_allclose(adjusted(p), [0.02, np.nan, 0.04, np.nan])
    assert np.isnan(adjusted(np.full(3, np.nan))).all()
    assert adjusted(np.zeros(0)).shape == (0,)
