"""Batched GMRES: Newton steps of many starts at once from Jacobian-vector products alone."""

from collections.abc import Callable

import torch
from torch import Tensor

# Vectors (batch, unit) -> A v of each.
Product = Callable[[Tensor], Tensor]
TINY = 1e-300
# A vector shorter than this, relative to the image that it is left over from, is rounding.
ROUNDING = 1e-13
# What is left of |b| is so small, relative to it, when the iteration ends.
REDUCED = 1e-12


def gmres(product: Product, right: Tensor, steps: int) -> Tensor:
    """Minimise |A s - b| over the Krylov space of A and b, in each row of a batch.

    Until |A s - b| is below 1e-12 |b| in every row, without restarts, by classical Gram-Schmidt
    and Givens rotations (Saad & Schultz 1986, SIAM J. Sci. Stat. Comput. 7:856).

    Parameters
    ----------
    product
        (batch, unit) -> (batch, unit), A v, with a matrix A of its own for each row.
    right
        (batch, unit), b.
    steps
        Dimension of the Krylov space; the number of units bounds it.

    Returns
    -------
    Tensor
        (batch, unit), s; 0 where b is, not finite where A v is not.
    """
    steps = min(steps, right.shape[1])
    norm = right.norm(dim=1)
    basis = right.new_empty(len(right), steps + 1, right.shape[1])
    basis[:, 0] = right / norm.clamp_min(TINY)[:, None]
    small = _LeastSquares(norm, steps)
    for j in range(steps):
        image = product(basis[:, j])
        before = basis[:, : j + 1]
        overlap = torch.bmm(before, image[..., None])
        rest = torch.baddbmm(image[:, None], overlap.mT, before, alpha=-1)[:, 0]
        length = rest.norm(dim=1)
        length = torch.where(length <= ROUNDING * image.norm(dim=1), 0.0, length)
        scale = torch.where(length > 0, 1 / length.clamp_min(TINY), 0.0)
        torch.mul(rest, scale[:, None], out=basis[:, j + 1])
        small.add(overlap[..., 0], length)
        if bool((small.residual <= REDUCED * norm).all()):
            break
    return torch.bmm(small.solution()[:, None], basis[:, : small.columns])[:, 0]


class _LeastSquares:
    """Minimisers of | |b| e_1 - H y |, H growing by a column, as its QR by rotations grows.

    Attributes
    ----------
    columns
        Number of columns of H so far.
    residual
        (batch,), what is left of |b|.
    """

    def __init__(self, norm: Tensor, steps: int) -> None:
        self.columns = 0
        self.residual = self._norm = norm
        self._triangle = norm.new_zeros(len(norm), steps, steps)
        self._rotation = norm.new_zeros(len(norm), steps + 1, steps + 1)
        self._rotation[:, 0, 0] = 1

    def add(self, column: Tensor, below: Tensor) -> None:
        """Add the column (batch, columns + 1) of H, and the entry (batch,) below it."""
        j, rotation = self.columns, self._rotation
        column = torch.bmm(rotation[:, : j + 1, : j + 1], column[..., None])[..., 0]
        radius = torch.hypot(column[:, j], below)
        safe = radius.clamp_min(TINY)
        cosine, sine = column[:, j] / safe, below / safe
        column[:, j] = radius
        self._triangle[:, : j + 1, j] = column
        rotation[:, j + 1, : j + 1] = -sine[:, None] * rotation[:, j, : j + 1]
        rotation[:, j + 1, j + 1] = cosine
        rotation[:, j, : j + 1] *= cosine[:, None]
        rotation[:, j, j + 1] = sine
        self.residual = self._norm * rotation[:, j + 1, 0].abs()
        self.columns = j + 1

    def solution(self) -> Tensor:
        """Weights y (batch, columns); a column that is singular has none."""
        triangle = self._triangle[:, : self.columns, : self.columns]
        diagonal = triangle.diagonal(dim1=1, dim2=2)
        singular = diagonal <= 1e-14 * diagonal.amax(1, keepdim=True)
        triangle = triangle + torch.diag_embed(torch.where(singular, torch.inf, 0.0))
        target = self._norm[:, None] * self._rotation[:, : self.columns, 0]
        return torch.linalg.solve_triangular(triangle, target[..., None], upper=True)[..., 0]
