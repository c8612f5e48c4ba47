"""What consecutive states of a run show of what it ends in, and when they show too little."""

import numpy as np
import pytest

from rnnpipe.dynamics.attractors.frequencies import quasiperiodic
from rnnpipe.dynamics.attractors.movers import followed
from rnnpipe.dynamics.attractors.moving import Untold, told_moving
from tests.dynamics.attractors.maps import Known

TIMES = np.arange(1600)
# Along the circle little changes, across it distances shrink.
RATES = np.tile([-1e-3, -0.5], (320, 1))


def round_a_circle(turns, radius=1.0):
    """States (time, 2) at so many turns (time,)."""
    angle = 2 * np.pi * turns
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


@pytest.mark.parametrize("rotation", [np.sqrt(2) / 100, np.sqrt(2) / 5, 0.25 + 1e-3])
def test_states_all_round_a_circle_are_a_limit_cycle(rotation):
    told = told_moving(round_a_circle(rotation * TIMES), RATES, spread=1.0)
    assert told.attractor.kind == "limit cycle"
    assert told.attractor.rotation == pytest.approx(rotation, abs=1e-6)


@pytest.mark.parametrize("rotation", [0.0637364, 0.0637824, 0.0953265, 0.0789953])
def test_a_rotation_near_a_fraction_is_not_taken_for_several_rounds(rotation):
    """After 47, 21 or 38 updates the run is nearly back, after three rounds, two and three."""
    states = np.hstack([round_a_circle(k * rotation * TIMES, 0.5**k) for k in (1, 2, 3)])
    told = told_moving(states, RATES, spread=1.0)
    assert told.attractor.rotation == pytest.approx(rotation, abs=1e-6)


def test_a_run_that_slides_along_a_circle_to_a_cycle_shows_no_curve():
    """In 1,600 updates it passes four parts of the circle, each a hundredth of a turn long."""
    sliding = round_a_circle((0.25 + 5e-6) * TIMES)
    assert isinstance(told_moving(sliding, RATES, spread=1.0), Untold)


def test_a_run_that_is_still_settling_is_not_told():
    rotation, radius = np.sqrt(2) / 100, 1 + 0.3 * np.exp(-TIMES / 300)
    settling = round_a_circle(rotation * TIMES, radius)
    assert told_moving(settling, RATES, spread=1.0) is None


def test_a_run_that_leaves_is_not_told_however_far_it_comes():
    """h' = 2 h: after 1,000 updates squares of the state overflow."""
    doubling = Known(lambda h: 2 * h, lambda h, v: 2 * v, 16).dynamics()
    rng = np.random.default_rng(0)
    assert followed(doubling, rng.uniform(-1, 1, (3, 16)), 1000, 1.0, rng) == [None] * 3


@pytest.mark.parametrize(("beat", "told"), [(1e-2, 2), (1e-3, None)])
def test_a_beat_that_may_yet_die_out_makes_no_torus(beat, told):
    """Two rhythms near each other: of a thousand updates one in 1,000 steps is no evidence."""
    one, other = round_a_circle(0.0924 * TIMES), round_a_circle((0.0924 + beat) * TIMES, 0.3)
    frequencies = quasiperiodic(one + other)
    assert (frequencies if told is None else len(frequencies)) == told
