"""Traces join into branches, each known point once, in order."""

import torch

from rnnpipe.dynamics.branches.chain import Chain, join_traces
from rnnpipe.dynamics.branches.trace import Side, Trace


def line(*values: float) -> Trace:
    """A trace along the axis of values, with its direction as tangent."""
    places = [torch.tensor([0.0, value]) for value in values]
    sign = 1.0 if values[-1] >= values[0] else -1.0
    return Trace(places, [torch.tensor([0.0, sign])] * len(places), end="limit")


def meeting(point: int, down: bool, *values: float) -> Trace:
    """A trace that arrives at one side of a known point."""
    trace = line(*values)
    trace.met, trace.end = Side(point, down), "met"
    return trace


def joined(*traces: Trace) -> list[Chain]:
    """Branches of the traces upwards and downwards from point 0, then from point 1, ..."""
    sides = [Side(point, down) for point in range(len(traces) // 2) for down in (False, True)]
    return join_traces(dict(zip(sides, traces, strict=True)))


def values_of(chain: Chain) -> list[float]:
    return chain.places[:, 1].tolist()


def test_two_points_on_one_line_are_one_branch():
    found = joined(meeting(1, True, 1, 2, 3), line(1, 0), line(3, 4), meeting(0, False, 3, 2.5, 1))
    assert [values_of(chain) for chain in found] == [[0, 1, 2, 3, 4]]
    assert found[0].ends == ("limit", "limit")
    assert (found[0].tangents[:, 1] == 1).all()


def test_a_trace_that_missed_takes_its_partners_way_back():
    lost = line(1, 1.5)
    lost.end = "stuck"
    found = joined(lost, line(1, 0), line(3, 4), meeting(0, False, 3, 2.5, 1))
    assert values_of(found[0]) == [0, 1, 2.5, 3, 4]
    assert (found[0].tangents[:, 1] == 1).all()


def test_a_ring_ends_where_it_begins():
    first = [meeting(1, False, 0, 1, 0), meeting(1, True, 0, -1, 0)]
    second = [meeting(0, False, 0, 1, 0), meeting(0, True, 0, -1, 0)]
    found = joined(*first, *second)
    assert len(found) == 1
    assert found[0].ends == ("closed", "closed")
    assert values_of(found[0])[0] == values_of(found[0])[-1]
    assert sorted(values_of(found[0])[:-1]) == [-1, 0, 0, 1]


def test_points_that_meet_no_other_are_branches_of_their_own():
    found = joined(line(1, 2), line(1, 0), line(1, 5), line(1, -5))
    assert [values_of(chain) for chain in found] == [[0, 1, 2], [-5, 1, 5]]


def test_of_two_traces_to_one_point_the_first_joins():
    first = [meeting(2, True, 1, 3), line(1, 0)]
    second = [meeting(2, True, 1.5, 3), line(1.5, 0)]
    found = joined(*first, *second, line(3, 4), line(3, 2))
    assert [values_of(chain) for chain in found] == [[0, 1, 3, 4], [0, 1.5, 3]]
    assert found[1].ends == ("limit", "met")
