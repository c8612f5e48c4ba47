"""Two thin factors of a matrix of low rank, and what they leave out."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.proof.rounding import gamma

# A direction counts towards the numerical rank if its singular value is more than
# this share of the largest. What is left out is no approximation: the proof bounds it.
NEGLIGIBLE = 1e-6
# Directions in which the range is sought beyond the highest rank asked for.
SPARE = 4


@dataclass(frozen=True)
class Factors:
    """W = m nᵀ + R.

    Attributes
    ----------
    m, n
        (unit, rank).
    residual
        (unit,), an upper bound on the sums of |R| along its rows.
    """

    m: Tensor
    n: Tensor
    residual: Tensor


def factorize(W: Tensor, most: int, given: tuple[Tensor, Tensor] | None = None) -> Factors | None:
    """Factors of the numerical rank of a matrix, or None if the rank is above ``most``.

    m has orthonormal columns, and n is what is left of W along them, by falling
    norm: the leading singular vectors where factors are given, or W has few
    rows; else those of W within its range, which products with a few random
    directions span (Halko, Martinsson & Tropp 2011, SIAM Rev. 53:217).

    Parameters
    ----------
    W
        (unit, unit).
    most
        Highest rank.
    given
        Factors (unit, rank) whose product is W up to rounding.
    """
    spanning = W if given is None else given[0]
    if spanning.shape[1] > most + SPARE:
        rng = torch.Generator().manual_seed(0)
        directions = torch.randn(len(W), most + SPARE, generator=rng, dtype=W.dtype)
        spanning = W @ directions
    basis = torch.linalg.qr(spanning)[0]
    turned, values, right = torch.linalg.svd(basis.mT @ W, full_matrices=False)
    rank = max(1, int((values > NEGLIGIBLE * values[0]).sum()))
    if rank > most:
        return None
    m, n = basis @ turned[:, :rank], right[:rank].mT * values[:rank]
    residual = _row_sums(W, m, n)
    # What is beyond the range that was tried is in none of the singular values.
    if float(residual.max()) > NEGLIGIBLE * len(W) * float(values[0]):
        return None
    return Factors(m, n, residual)


def _row_sums(W: Tensor, m: Tensor, n: Tensor) -> Tensor:
    """Upper bounds (unit,) on the sums of |W - m nᵀ| along rows.

    An entry of the product is off by at most γ(r + 1) times that of |m| |n|ᵀ, the
    difference by another rounding, and the sum of N such terms by γ(N).
    """
    units, rank = m.shape
    sizes = W.abs().sum(1) + m.abs() @ n.abs().sum(0)
    difference = (W - m @ n.mT).abs().sum(1)
    return (difference + gamma(rank + 2) * sizes) * (1 + gamma(2 * units + 4))
