"""The turns of a cycle in a period, whatever its place, size and phase."""

import numpy as np
import pytest

from rnnpipe.dynamics.attractors.kinds import turns_round


@pytest.mark.parametrize(("turns", "period"), [(1, 3), (2, 21), (5, 21), (10, 21), (7, 64)])
def test_a_locked_oscillation_closes_after_its_turns(turns, period):
    rng = np.random.default_rng(period)
    phase = 2 * np.pi * (turns * np.arange(period) / period + rng.random())
    plane = np.linalg.qr(rng.standard_normal((5, 2)))[0].T
    states = np.column_stack([2 * np.cos(phase), np.sin(phase)]) @ plane
    states = states + rng.standard_normal(5) + 0.01 * rng.standard_normal(states.shape)
    assert turns_round(states) == turns_round(states[::-1]) == turns


def test_a_cycle_to_and_fro_makes_one_turn():
    assert turns_round(np.array([[1.0, 2.0], [3.0, -1.0]])) == 1
    assert turns_round(np.array([[1.0], [2.0], [5.0]])) == 1
