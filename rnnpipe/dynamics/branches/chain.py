"""Whole branches, put together from traces that met."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.branches.trace import Side, Trace


@dataclass(frozen=True)
class Chain:
    """A branch: its points in order, each once; a closed branch returns to its first point.

    Attributes
    ----------
    places, tangents
        (point, unit + 1).
    ends
        Why the branch ends at either side, as in `Trace`; twice ``closed`` if it does not end.
    """

    places: Tensor
    tangents: Tensor
    ends: tuple[str, str]


def join_traces(traces: Mapping[Side, Trace]) -> list[Chain]:
    """Join the traces from both sides of every known point into branches.

    Two traces are partners if one arrives at the side of a known point from which the other
    leaves: they run along the same piece of the curve, in opposite directions.
    """
    partner: dict[Side, Side] = {}
    for side, trace in traces.items():
        met = trace.met
        if met is not None and met != side and side not in partner and met not in partner:
            partner[side], partner[met] = met, side
    left = {side.point for side in traces}
    found = []
    while left:
        first, closed = _first_side(min(left), partner)
        found.append(_chain(first, closed, traces, partner, left))
    return found


def _first_side(point: int, partner: Mapping[Side, Side]) -> tuple[Side, bool]:
    """Go down from a point to the side without a partner; True if the branch returns instead."""
    side = start = Side(point, down=True)
    while side in partner:
        side = partner[side].opposite
        if side == start:
            return side, True
    return side, False


def _chain(
    first: Side,
    closed: bool,
    traces: Mapping[Side, Trace],
    partner: Mapping[Side, Side],
    left: set[int],
) -> Chain:
    """Put the branch together, trace by trace, from an open end (or any point, if closed) on."""
    pieces = []
    if not closed:
        places, tangents = _backwards(traces[first])
        pieces.append((places[:-1], tangents[:-1]))
    side = first.opposite
    while side.point in left:
        left.discard(side.point)
        places, tangents = _piece(side, traces, partner)
        if side not in partner:
            pieces.append((places, tangents))
            break
        pieces.append((places[:-1], tangents[:-1]))
        side = partner[side].opposite
    ends = (traces[first].end, traces[side].end)
    if closed:
        pieces.append((places[-1:], tangents[-1:]))
        ends = ("closed", "closed")
    joined, directions = (torch.cat(parts) for parts in zip(*pieces, strict=True))
    return Chain(joined, directions, ends)


def _piece(
    side: Side, traces: Mapping[Side, Trace], partner: Mapping[Side, Side]
) -> tuple[Tensor, Tensor]:
    """The trace from a side of a point or, if it missed its partner, the partner backwards."""
    other = partner.get(side)
    if other is None or traces[side].met == other:
        return _forwards(traces[side])
    return _backwards(traces[other])


def _forwards(trace: Trace) -> tuple[Tensor, Tensor]:
    return torch.stack(trace.places), torch.stack(trace.tangents)


def _backwards(trace: Trace) -> tuple[Tensor, Tensor]:
    places, tangents = _forwards(trace)
    return places.flip(0), -tangents.flip(0)
