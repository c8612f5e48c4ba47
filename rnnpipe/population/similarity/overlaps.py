"""Overlaps of the bases of all pairs of networks, tile by tile."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

# Networks along one side of a tile: with k = 10, 33 MB of overlaps.
SIDE = 64


@dataclass(frozen=True)
class Tile:
    """Overlaps of some pairs, each pair of a population in exactly one tile.

    Attributes
    ----------
    first, second
        (pair,), the numbers of the two networks, first < second.
    overlaps
        (pair, k, k), ``basis[first].T @ basis[second]``.
    """

    first: np.ndarray
    second: np.ndarray
    overlaps: np.ndarray


def tiles(basis: np.ndarray, side: int = SIDE) -> Iterator[Tile]:
    """Go through the upper triangle of pairs, one matrix product a tile.

    Parameters
    ----------
    basis
        (network, sample, k).
    side
        Networks along a side of a tile; memory grows with its square.
    """
    networks, _, k = basis.shape
    for top in range(0, networks, side):
        rows = _columns(basis[top : top + side])
        for left in range(top, networks, side):
            columns = rows if left == top else _columns(basis[left : left + side])
            blocks = (rows @ columns.T).reshape(len(rows) // k, k, len(columns) // k, k)
            first, second = np.indices(blocks.shape[::2]).reshape(2, -1)
            kept = top + first < left + second
            first, second = first[kept], second[kept]
            if len(first):
                yield Tile(top + first, left + second, blocks[first, :, second])


def _columns(basis: np.ndarray) -> np.ndarray:
    """Columns (network * k, sample) of bases (network, sample, k)."""
    return np.ascontiguousarray(basis.transpose(0, 2, 1)).reshape(-1, basis.shape[1])
