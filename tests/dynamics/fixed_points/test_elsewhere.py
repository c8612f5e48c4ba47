"""Runs that end neither at rest nor at a point are counted."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.fixed_points.elsewhere import runs_elsewhere
from rnnpipe.dynamics.maps import Dynamics

STATES = np.random.default_rng(0).uniform(0.2, 1, (40, 2))


def dynamics(step):
    return Dynamics(step, lambda h: torch.full((len(h), 2, 2), torch.nan), units=2)


@pytest.mark.parametrize(
    ("step", "elsewhere"),
    [
        (lambda h: 0.5 * h, 0),
        # Still on its way after all updates, and near.
        (lambda h: 0.995 * h, 0),
        (lambda h: 2 * h, 16),
        (lambda h: -h, 16),
        (lambda h: h @ torch.tensor([[0.6, 0.8], [-0.8, 0.6]], dtype=h.dtype), 16),
    ],
)
def test_runs_at_rest_are_told_from_others(step, elsewhere):
    origin = np.zeros((1, 2))
    assert runs_elsewhere(dynamics(step), STATES, origin, spread=1.0) == (16, elsewhere)
    assert runs_elsewhere(dynamics(step), STATES[:3], origin, 1.0) == (3, min(3, elsewhere))


def test_a_run_that_leaves_a_point_slowly_does_not_end_there():
    leaving = dynamics(lambda h: 1.0005 * h)
    assert runs_elsewhere(leaving, 1e-3 * STATES, np.zeros((1, 2)), spread=1.0) == (16, 16)


def test_a_run_at_rest_is_not_elsewhere_though_no_point_is_known():
    assert runs_elsewhere(dynamics(lambda h: h), STATES, np.zeros((0, 2)), 1.0) == (16, 0)
    assert runs_elsewhere(dynamics(lambda h: -h), STATES, np.zeros((0, 2)), 1.0) == (16, 16)
