"""Traces join into branches, each known point once, in order."""

import torch

from rnnpipe.dynamics.branches.chain import chains
from rnnpipe.dynamics.branches.trace import Trace


def line(*values: float) -> Trace:
    """A trace along the axis of values, with its direction as tangent."""
    places = [torch.tensor([0.0, value]) for value in values]
    sign = 1.0 if values[-1] >= values[0] else -1.0
    return Trace(places, [torch.tensor([0.0, sign])] * len(places), end="limit")


def meeting(point: int, against: int, *values: float) -> Trace:
    trace = line(*values)
    trace.met, trace.end = (point, against), "met"
    return trace


def values_of(chain) -> list[float]:
    return chain.places[:, 1].tolist()


def test_two_points_on_one_line_are_one_branch():
    found = chains([meeting(1, 0, 1, 2, 3), line(1, 0), line(3, 4), meeting(0, 1, 3, 2.5, 1)])
    assert [values_of(chain) for chain in found] == [[0, 1, 2, 3, 4]]
    assert found[0].ends == ("limit", "limit")
    assert (found[0].tangents[:, 1] == 1).all()


def test_a_trace_that_missed_takes_its_partners_way_back():
    lost = line(1, 1.5)
    lost.end = "stuck"
    found = chains([lost, line(1, 0), line(3, 4), meeting(0, 1, 3, 2.5, 1)])
    assert values_of(found[0]) == [0, 1, 2.5, 3, 4]
    assert (found[0].tangents[:, 1] == 1).all()


def test_a_ring_ends_where_it_begins():
    first = [meeting(1, 1, 0, 1, 0), meeting(1, 0, 0, -1, 0)]
    second = [meeting(0, 1, 0, 1, 0), meeting(0, 0, 0, -1, 0)]
    found = chains([*first, *second])
    assert len(found) == 1
    assert found[0].ends == ("closed", "closed")
    assert values_of(found[0])[0] == values_of(found[0])[-1]
    assert sorted(values_of(found[0])[:-1]) == [-1, 0, 0, 1]


def test_points_that_meet_no_other_are_branches_of_their_own():
    found = chains([line(1, 2), line(1, 0), line(1, 5), line(1, -5)])
    assert [values_of(chain) for chain in found] == [[0, 1, 2], [-5, 1, 5]]


def test_of_two_traces_to_one_point_the_first_joins():
    first = [meeting(2, 0, 1, 3), line(1, 0)]
    second = [meeting(2, 0, 1.5, 3), line(1.5, 0)]
    found = chains([*first, *second, line(3, 4), line(3, 2)])
    assert [values_of(chain) for chain in found] == [[0, 1, 3, 4], [0, 1.5, 3]]
    assert found[1].ends == ("limit", "met")
