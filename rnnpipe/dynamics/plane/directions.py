"""The directions of recurrent weights of low rank, so that κ of one network compares with another.

The factors of W = m nᵀ / N are not unique: m A and n A⁻ᵀ have the same product
for any invertible A, and turn κ into A⁻¹ κ. The singular value decomposition W = U S Vᵀ
takes one of them, m = √N U and n = √N V S: columns of m are orthogonal
and have a mean square of 1 over units, so that |κ| is the root mean square over units of the
current m κ that the recurrence sends, and directions stand in the order in which
rates of a given size drive them. Where two singular values are equal,
directions are any of their plane.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.proof.factors import factorize


@dataclass(frozen=True)
class Directions:
    """W = m nᵀ / N, apart from what is far below its largest singular value.

    Attributes
    ----------
    m
        (unit, rank), orthogonal, with a mean square of 1.
    n
        (unit, rank), orthogonal, by falling size.
    singular_values
        (rank,), those of W.
    """

    m: Tensor
    n: Tensor
    singular_values: Tensor

    @property
    def rank(self) -> int:
        """Number of directions."""
        return self.m.shape[1]


def directions(
    W: Tensor,
    readout: Tensor,
    most: int = 3,
    factors: tuple[Tensor, Tensor] | None = None,
) -> Directions | None:
    """Directions of a matrix of low rank, or None if its numerical rank is above ``most``.

    The sign of a direction is such that the output which the direction changes most, at slopes of
    1, grows along it; where it changes none, the largest entry of m is positive.

    Parameters
    ----------
    W
        Recurrent weights (unit, unit), float64.
    readout
        Output weights (output, unit).
    most
        Highest rank.
    factors
        Factors (unit, rank) each, whose product is W up to rounding, if they are known.
    """
    found = factorize(W, most, factors)
    if found is None:
        return None
    values = found.n.norm(dim=0)
    effects = readout @ found.m
    rows = torch.where(
        effects.abs().amax(0) > 1e-12 * readout.norm(), _largest(effects), _largest(found.m)
    )
    scale = len(W) ** 0.5 * torch.where(rows < 0, -1.0, 1.0).to(W)
    return Directions(found.m * scale, found.n * scale, values)


def _largest(columns: Tensor) -> Tensor:
    """The entry of every column that is largest in size, (column,)."""
    return columns.gather(0, columns.abs().argmax(0)[None])[0]
