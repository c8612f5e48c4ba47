"""Developments known in closed form: what is born and dies, when, by what, and who is who."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.development.passage import End, passage
from tests.dynamics.branches.bifurcating_maps import (
    FLIP,
    HYSTERESIS,
    PITCHFORK,
    driven,
)
from tests.dynamics.development.growing_maps import grown, told, way

# A turn that is near to no cycle of few updates.
C, S = np.cos(1.0), np.sin(1.0)
ROTATION = driven(lambda h, x: x * torch.tanh(h @ torch.tensor([[C, S], [-S, C]])), 2)
# Where h' = tanh(2h + b) folds: 2 (1 - h²) = 1.
FOLD = np.arctanh(np.sqrt(0.5)) - 2 * np.sqrt(0.5)


def shares(events) -> list[float]:
    return [event.turn.share for event in events]


def test_a_flipflop_of_one_unit_grows_through_its_pitchfork():
    found = grown(PITCHFORK, [0.8, 1.2, 1.5])
    assert [len(one.points) for one in found.skeletons] == [1, 3, 3]
    assert [one.index_sum for one in found.skeletons] == [1, 1, 1]
    assert told(found.points.events) == {(0, True, 1, "branch point"), (0, True, 2, "branch point")}
    assert shares(found.points.events) == pytest.approx([0.5, 0.5], abs=1e-3)
    assert [event.partner for event in found.points.events] == [2, 1]
    assert found.points.changes[0][0][0].kind == "branch point"
    assert told(found.attractors.events) == {
        (0, False, 0, "branch point"),
        (0, True, 1, "branch point"),
        (0, True, 2, "branch point"),
    }


def test_two_points_are_born_at_a_fold():
    found = grown(HYSTERESIS, [-1.0, 0.0])
    assert [len(one.points) for one in found.skeletons] == [1, 3]
    assert told(found.points.events) == {(0, True, 1, "fold"), (0, True, 2, "fold")}
    assert shares(found.points.events) == pytest.approx([1 + FOLD] * 2, abs=1e-6)
    index = found.skeletons[1].points.index[found.points.identities[1].argsort()]
    assert sorted(index[1:]) == [-1, 1]
    # The memory that was there is the lower one.
    lower = found.skeletons[1].points.states[:, 0].argmin()
    assert found.points.identities[1][lower] == 0
    (birth,) = found.attractors.events
    assert (birth.turn.kind, birth.partner) == ("fold", -1)


@pytest.mark.parametrize("after", [1e-6, 1e-4, 1e-2])
def test_two_points_that_were_just_born_have_each_other(after):
    found = grown(HYSTERESIS, [-1.0, FOLD + after])
    assert [len(one.points) for one in found.skeletons] == [1, 3]
    assert {(e.identity, e.partner) for e in found.points.events} == {(1, 2), (2, 1)}
    share = (1 + FOLD) / (1 + FOLD + after)
    assert shares(found.points.events) == pytest.approx([share] * 2, abs=1e-6)


@pytest.mark.parametrize("bias", [1e-9, 1e-6, 1e-4, 1e-2, -1e-3])
def test_curves_that_nearly_cross_are_told_apart(bias):
    """The pitchfork of tanh(x h) with a bias: one curve goes on, beside it two points are born."""
    biased = driven(lambda h, x: torch.tanh(x * h + bias), 1)
    found = grown(biased, [0.8, 1.5])
    assert [len(one.points) for one in found.skeletons] == [1, 3]
    assert told(found.points.events) == {(0, True, 1, "fold"), (0, True, 2, "fold")}
    assert {e.partner for e in found.points.events} == {1, 2}
    # The point that was there goes to the side of the bias.
    states, identities = found.skeletons[1].points.states, found.points.identities[1]
    assert states[identities == 0][0, 0] * bias > 0.5 * abs(bias)


def test_who_is_born_after_a_death_is_another_one():
    found = grown(HYSTERESIS, [0.0, -1.0, 0.0])
    assert [len(one.points) for one in found.skeletons] == [3, 1, 3]
    (survivor,) = found.points.identities[1]
    assert survivor in found.points.identities[0] and survivor in found.points.identities[2]
    assert set(found.points.identities[2]) - {survivor} == {3, 4}
    deaths, births = found.points.events[:2], found.points.events[2:]
    assert not any(event.birth for event in deaths) and all(event.birth for event in births)
    assert shares(deaths) == pytest.approx([-FOLD] * 2, abs=1e-6)
    assert shares(births) == pytest.approx([1 + FOLD] * 2, abs=1e-6)


def test_a_limit_cycle_is_born_of_a_point_that_begins_to_turn():
    found = grown(ROTATION, [0.8, 1.3])
    assert [len(one.points) for one in found.skeletons] == [1, 1]
    assert found.points.events == ()
    kinds = [[one.kind for one in s.attractors.attractors] for s in found.skeletons]
    assert kinds == [["fixed"], ["limit cycle"]]
    death, birth = found.attractors.events
    assert (death.birth, birth.birth) == (False, True)
    assert {death.turn.kind, birth.turn.kind} == {"neimark-sacker"}
    assert shares([death, birth]) == pytest.approx([0.4, 0.4], abs=1e-6)
    assert birth.partner == death.identity


def test_a_cycle_of_two_is_born_of_a_point_that_flips():
    found = grown(FLIP, [0.5, 1.5])
    death, birth = found.attractors.events
    assert {death.turn.kind, birth.turn.kind} == {"flip"}
    assert shares([birth]) == pytest.approx([0.5], abs=1e-6)


def test_a_limit_cycle_stays_itself_as_it_grows():
    found = grown(ROTATION, [1.25, 1.35])
    assert [own.tolist() for own in found.attractors.identities] == [[0], [0]]
    assert found.attractors.events == ()


def turned(h: torch.Tensor, s: torch.Tensor) -> torch.Tensor:
    """Two memories on an axis that turns by half a turn: each arrives where the other was."""
    c, n = torch.cos(np.pi * s[:, 0]), torch.sin(np.pi * s[:, 0])
    along, across = c * h[:, 0] + n * h[:, 1], c * h[:, 1] - n * h[:, 0]
    along, across = torch.tanh(2 * along), 0.5 * across
    return torch.stack([c * along - n * across, n * along + c * across], dim=1)


def test_points_that_change_places_keep_their_identities():
    found = grown(driven(turned, 2), [0.0, 0.4, 1.0])
    assert found.points.events == () and found.attractors.events == ()
    first, last = found.skeletons[0].points.states, found.skeletons[-1].points.states
    at = found.points.identities[-1].argsort()
    assert last[at] == pytest.approx(-first, abs=1e-8)
    assert np.abs(first).max() > 0.9


def test_a_point_that_a_search_missed_is_found_from_the_next_step():
    family = way(HYSTERESIS, 0.0, 0.1)
    points = []
    for value in (0.0, 0.1):
        start = torch.tensor([[-2.0], [0.0], [2.0]], dtype=torch.float64)
        h = start.clone()
        for _ in range(60):
            slope = 2 * (1 - torch.tanh(2 * h + value) ** 2)
            h = h - (torch.tanh(2 * h + value) - h) / (slope - 1)
        points.append(h.numpy())
    found = passage(family, points[0][:2], 1.0, 10.0)
    found.add(True, points[1])
    found.follow()
    assert found.points[0] == pytest.approx(points[0])
    assert {(one.start, one.end) for one in found.pairs()} == {
        (End(False, i), End(True, i)) for i in range(3)
    }
    assert found.lost() == []
