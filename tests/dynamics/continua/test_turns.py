import numpy as np
import pytest

from rnnpipe.dynamics.continua.search import count_turns, signed_angle


@pytest.mark.parametrize("times", [-2, -1, 0, 1, 3])
def test_a_ring_is_gone_round_a_whole_number_of_times_wherever_it_starts(times):
    way = np.linspace(0, 1, 200, endpoint=False)
    for start in (0.0, 2.5, -3.1):
        angles = start + 2 * np.pi * times * way + 0.3 * np.sin(2 * np.pi * way)
        angles = (angles + np.pi) % (2 * np.pi) - np.pi
        assert count_turns(angles, ring=True) == pytest.approx(times)


def test_a_line_may_go_part_of_the_way():
    assert count_turns(np.linspace(1.0, 1.0 + np.pi, 50), ring=False) == pytest.approx(0.5)
    assert count_turns(np.linspace(1.0, 1.0 - 3 * np.pi, 50), ring=False) == pytest.approx(-1.5)


def test_the_shorter_way_crosses_the_cut():
    assert signed_angle(np.array(-3.0), np.array(3.0)) == pytest.approx(2 * np.pi - 6)
    assert signed_angle(np.array(3.0), np.array(-3.0)) == pytest.approx(6 - 2 * np.pi)
