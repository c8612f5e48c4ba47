"""Subdivision of a box until every part is proved to hold no root or exactly one."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.proof.krawczyk import krawczyk_test
from rnnpipe.dynamics.proof.reduced import Reduced

# Parts whose sides are all shorter than this share of the box are left undecided.
SMALLEST = 2.0**-30
# A part that tests alone have made so much smaller is not cut.
SHRUNK = 0.5
# Currents held at a time; more of them leave the cache, and take twice as long.
CHUNK = 2**16
# Rounds in which a proved root is located as exactly as rounding allows.
ROUNDS = 12


@dataclass(frozen=True)
class Subdivision:
    """What is known of all parts of a box.

    Attributes
    ----------
    low, high
        (root, rank), small boxes, each with exactly one root, no two with the same one.
    undecided
        Lower and upper corners, (part, rank) each, of parts in which roots may lie besides.
    share
        Share of the box that the undecided parts make up.
    boxes
        Number of parts that were tested.
    """

    low: Tensor
    high: Tensor
    undecided: tuple[Tensor, Tensor]
    share: float
    boxes: int


def subdivide(equation: Reduced, low: Tensor, high: Tensor, most: int) -> Subdivision:
    """Find all roots in the box [low, high], (rank,), with at most so many parts tested."""
    sides = high - low
    parts = low[None], high[None]
    unique, small, boxes = [], [], 0
    while len(parts[0]) and boxes + len(parts[0]) <= most:
        boxes += len(parts[0])
        proved, rest = _level(equation, *parts)
        unique.append(proved)
        tiny = ((rest[1] - rest[0]) <= SMALLEST * sides).all(1)
        small.append(tuple(side[tiny] for side in rest[:2]))
        parts = _cut(*(side[~tiny] for side in rest))
    roots, doubtful = _distinct(equation, *(_joined(unique, i, sides) for i in range(4)))
    left = (parts, doubtful, *small)
    undecided = tuple(_joined(left, i, sides) for i in range(2))
    share = float(((undecided[1] - undecided[0]).clamp(min=0) / sides).prod(1).sum())
    return Subdivision(*roots, undecided, share, boxes)


def _joined(parts: list[tuple[Tensor, ...]], number: int, like: Tensor) -> Tensor:
    return torch.cat([like.new_empty(0, len(like)), *(part[number] for part in parts)])


def _level(
    equation: Reduced, low: Tensor, high: Tensor
) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """Test parts; return those of one root, with the box that was tested, and the undecided.

    An undecided part comes with the sides that it had, and with the weights of its sides.
    """
    rows = max(1, CHUNK // equation.units)
    unique, rest = [], []
    for a, b in zip(low.split(rows), high.split(rows), strict=True):
        found = krawczyk_test(equation, a, b)
        proved = found.unique & ~found.empty
        unique.append(tuple(side[proved] for side in (found.low, found.high, *found.wide)))
        left = ~found.unique & ~found.empty
        rest.append(tuple(side[left] for side in (found.low, found.high, b - a, found.weight)))
    return (
        tuple(torch.cat(side) for side in zip(*unique, strict=True)),
        tuple(torch.cat(side) for side in zip(*rest, strict=True)),
    )


def _cut(low: Tensor, high: Tensor, before: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Halve parts across the side of most weight, but those that have become much smaller."""
    now = high - low
    shrunk = (now / before.clamp(min=torch.finfo(now.dtype).tiny)).prod(1) < SHRUNK
    kept = low[shrunk], high[shrunk]
    low, high, now = low[~shrunk], high[~shrunk], now[~shrunk]
    side = torch.where(now > 0, weight[~shrunk] * (now / before[~shrunk].clamp(min=1e-300)), -1.0)
    rows, across = torch.arange(len(low)), side.argmax(1)
    middle = 0.5 * (low[rows, across] + high[rows, across])
    below, above = high.clone(), low.clone()
    below[rows, across] = above[rows, across] = middle
    return torch.cat([kept[0], low, above]), torch.cat([kept[1], below, high])


def _distinct(
    equation: Reduced, low: Tensor, high: Tensor, wide_low: Tensor, wide_high: Tensor
) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Locate the roots of parts that hold one, and keep each root once.

    Two parts have the same root if the small box around the root of one lies in the
    box in which the other's is the only one; if the two small boxes do not meet, the roots are
    two. Parts of which neither can be said are returned as doubtful.
    """
    low, high = _located(equation, low, high)
    own = (low <= high).all(1)  # else the one root of the wider box lies outside of the part
    low, high, wide_low, wide_high = (side[own] for side in (low, high, wide_low, wide_high))
    kept: list[int] = []
    doubtful: list[int] = []
    for i in range(len(low)):
        others = torch.tensor(kept, dtype=torch.long)
        in_theirs = (low[i] >= wide_low[others]) & (high[i] <= wide_high[others])
        in_mine = (low[others] >= wide_low[i]) & (high[others] <= wide_high[i])
        same = in_theirs.all(1) | in_mine.all(1)
        if bool(same.any()):
            continue
        meet = ((low[i] <= high[others]) & (high[i] >= low[others])).all(1)
        (doubtful if bool(meet.any()) else kept).append(i)
    return (low[kept], high[kept]), (low[doubtful], high[doubtful])


def _located(equation: Reduced, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """Shrink boxes around the one root that each holds, if it holds it."""
    rows = max(1, CHUNK // equation.units)
    parts = []
    for a, b in zip(low.split(rows), high.split(rows), strict=True):
        for _ in range(ROUNDS if len(a) else 0):
            found = krawczyk_test(equation, a, b, wide=False)
            # Where the root lies in the part's neighbour, nothing is left, and it stays so.
            gone = found.empty[:, None] | (a > b)
            a, b = torch.where(gone, 1.0, found.low), torch.where(gone, 0.0, found.high)
        parts.append((a, b))
    return torch.cat([a for a, _ in parts]), torch.cat([b for _, b in parts])
