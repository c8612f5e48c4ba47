"""Whole branches of traces that met."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.branches.trace import Trace


@dataclass(frozen=True)
class Chain:
    """A branch: points in order, each once; a closed one returns to its first.

    Attributes
    ----------
    places, tangents
        (point, unit + 1).
    ends
        Why it ends at either side, as in `Trace`; ``closed``, twice, if it does not.
    """

    places: Tensor
    tangents: Tensor
    ends: tuple[str, str]


def chains(traces: list[Trace]) -> list[Chain]:
    """Branches from the traces of known points, 2 i upwards and 2 i + 1 downwards from point i.

    A trace that arrives at a point along its tangent has met the end of the trace that leaves
    it downwards, and the other way round.
    """
    partner: dict[int, int] = {}
    for one, trace in enumerate(traces):
        if trace.met is not None:
            point, against = trace.met
            other = 2 * point + (1 - against)
            if one != other and one not in partner and other not in partner:
                partner[one], partner[other] = other, one
    left = set(range(len(traces) // 2))
    found = []
    while left:
        first, closed = _first_end(min(left), partner)
        found.append(_chain(first, closed, traces, partner, left))
    return found


def _first_end(point: int, partner: dict[int, int]) -> tuple[int, bool]:
    """The half, open at its end, that one comes to downwards from a point; whether none is open."""
    half = start = 2 * point + 1
    while half in partner:
        half = partner[half] ^ 1
        if half == start:
            return half, True
    return half, False


def _chain(
    first: int, closed: bool, traces: list[Trace], partner: dict[int, int], left: set[int]
) -> Chain:
    """The branch from an open end (or any point, if closed) on, put together trace by trace."""
    pieces = []
    if not closed:
        places, tangents = _stacked(traces[first])
        pieces.append((places.flip(0)[:-1], -tangents.flip(0)[:-1]))
    half = first ^ 1
    while half // 2 in left:
        left.discard(half // 2)
        places, tangents = _edge(half, traces, partner)
        if half not in partner:
            pieces.append((places, tangents))
            break
        pieces.append((places[:-1], tangents[:-1]))
        half = partner[half] ^ 1
    ends = (traces[first].end, traces[half].end)
    if closed:
        pieces.append((places[-1:], tangents[-1:]))
        ends = ("closed", "closed")
    joined, directions = (torch.cat(parts) for parts in zip(*pieces, strict=True))
    return Chain(joined, directions, ends)


def _edge(half: int, traces: list[Trace], partner: dict[int, int]) -> tuple[Tensor, Tensor]:
    """The trace from a point on; where it missed its partner, that one's backwards."""
    other = partner.get(half)
    mine = traces[half].met
    if other is None or (mine is not None and 2 * mine[0] + (1 - mine[1]) == other):
        return _stacked(traces[half])
    places, tangents = _stacked(traces[other])
    return places.flip(0), -tangents.flip(0)


def _stacked(trace: Trace) -> tuple[Tensor, Tensor]:
    return torch.stack(trace.places), torch.stack(trace.tangents)
