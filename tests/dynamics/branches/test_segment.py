"""Interpolation between points of a curve, and what is located there."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.branches.segment import Segments, locate, points_at
from tests.dynamics.branches.bifurcating_maps import HYSTERESIS, PITCHFORK


def curve(map_, low: float = -1.0, high: float = 1.0) -> Curve:
    one = torch.ones(1, dtype=torch.float64)
    return Curve(map_, 0 * one, one, low, high, 1.0)


def arc(heights: list[float]) -> tuple[Curve, Segments]:
    """Pieces of the branch x = artanh(h) - 2 h between these states."""
    states = torch.tensor(heights, dtype=torch.float64)[:, None]
    values = torch.atanh(states[:, 0]) - 2 * states[:, 0]
    sought = curve(HYSTERESIS)
    places = sought.places(states, values)
    upwards = torch.tensor([1.0, 0.0], dtype=torch.float64).expand_as(places)
    tangents = sought.tangents(places, upwards)
    return sought, Segments(places[:-1], places[1:], tangents[:-1], tangents[1:])


def test_the_cubic_passes_both_ends_along_their_tangents():
    _, segments = arc([0.5, 0.6, 0.8])
    for share, places, tangents in (
        (0.0, segments.start, segments.leaving),
        (1.0, segments.end, segments.arriving),
    ):
        place, direction = segments.at(torch.full((2,), share, dtype=torch.float64))
        assert torch.allclose(place, places) and torch.allclose(direction, tangents)


def test_a_turn_is_located_between_its_neighbours():
    sought, segments = arc([0.6, 0.8])
    places, _, fine = locate(sought, segments, lambda z, t, rows: t[:, -1])
    assert fine.all()
    assert float(sought.states(places)) == pytest.approx(1 / np.sqrt(2), abs=1e-8)


def test_values_are_landed_on_where_a_segment_passes_them():
    sought, segments = arc([-0.9, -0.85, 0.2, 0.3, 0.6])
    target = (torch.tensor([-0.45, 0.9], dtype=torch.float64) + 1) / 2
    segment, places = points_at(sought, segments, target)
    assert segment.tolist() == [3]
    state, value = float(sought.states(places)), float(sought.values(places))
    assert value == pytest.approx(-0.45, abs=1e-12)
    assert np.tanh(2 * state + value) == pytest.approx(state, abs=1e-12)
    assert 0.3 < state < 0.6


def test_newton_stays_in_the_plane_and_says_where_it_fails():
    sought = curve(PITCHFORK, 0.5, 2.0)
    guesses = torch.tensor([[0.8, 0.5], [5.0, 0.5]], dtype=torch.float64)
    normals = torch.tensor([[1.0, 0.0], [1.0, 0.0]], dtype=torch.float64)
    places, converged = sought.correct(guesses, normals)
    assert converged.tolist() == [True, False]
    assert float(places[0, 0]) == pytest.approx(0.8, abs=1e-12)
    value = float(sought.values(places[:1]))
    assert value == pytest.approx(np.arctanh(0.8) / 0.8, abs=1e-9)
