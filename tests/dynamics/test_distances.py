"""Distances between states."""

import numpy as np
from scipy.spatial.distance import cdist

from rnnpipe.dynamics.distances import distances_between

STATES = np.random.default_rng(0).normal(size=(7, 5))


def test_distances_are_those_of_scipy():
    close = STATES + 1e-9  # what a product of matrices would lose
    for others in (STATES, close, STATES[:0]):
        np.testing.assert_allclose(distances_between(STATES, others), cdist(STATES, others), 1e-12)


def test_equal_states_are_nothing_apart_in_arrays_of_any_layout():
    backwards = STATES[::-1]
    backwards.setflags(write=False)
    assert (np.diag(distances_between(STATES, backwards[::-1])) == 0).all()
    assert (np.diag(distances_between(backwards, STATES)[::-1]) == 0).all()
