"""Distance-based regression: what one factor adds to the others, tested by permutation.

McArdle & Anderson 2001 (Ecology 82:290). With A = -D²/2 of distances D, the sum of
squares that a model explains is tr(H A), H the projection on the columns of its design
without their mean. That of a factor given others is the difference of two models, with
the factor and without it: the marginal sum of squares, as ``vegan::adonis2(by = "margin")``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Directions of a design whose length is less, relative to its columns, are rounding.
_ROUNDING = 1e-8
# Entries of permuted designs that are multiplied at once: 32 MB.
_BATCH = 4_000_000


@dataclass(frozen=True)
class Design:
    """A model of networks in two parts: what is adjusted for, and what one factor adds.

    Attributes
    ----------
    others
        (network, column), orthonormal; the constant is among them.
    own
        (network, df), orthonormal, and orthogonal to `others`; no column if the
        factor adds nothing that the others do not say already.
    cells
        (network,) int: networks of one cell are alike in everything of the design.
    """

    others: np.ndarray
    own: np.ndarray
    cells: np.ndarray

    @classmethod
    def of(
        cls,
        own: np.ndarray,
        others: Sequence[np.ndarray] = (),
        cells: np.ndarray | None = None,
    ) -> "Design":
        """Make a design from columns, or from labels of groups.

        Parameters
        ----------
        own
            (network,) labels of groups, of any type that can be sorted; or
            (network, column) numbers, used as they are.
        others
            The same of every other factor.
        cells
            (network,) int, where networks of equal columns differ otherwise; None: they do not.
        """
        columns, *rest = (_columns(values) for values in (own, *others))
        reduced = _basis(np.hstack([np.ones((len(columns), 1)), *rest]))
        added = _basis(columns - reduced @ (reduced.T @ columns), columns)
        if cells is None:
            _, cells = np.unique(np.hstack([columns, *rest]), axis=0, return_inverse=True)
        return cls(reduced, added, cells.ravel())

    def weighted(self, weights: np.ndarray) -> "Design":
        """Return the model of networks that were multiplied by the roots of weights (network,)."""
        roots = np.sqrt(weights)[:, None]
        others, own = _basis(roots * self.others), roots * self.own
        return Design(others, _basis(own - others @ (others.T @ own), own), self.cells)

    @property
    def full(self) -> np.ndarray:
        """Both parts (network, rank)."""
        return np.hstack([self.others, self.own])

    @property
    def df(self) -> int:
        """Degrees of freedom that the factor adds."""
        return self.own.shape[1]

    @property
    def rest(self) -> int:
        """Degrees of freedom left to the networks."""
        return len(self.own) - self.full.shape[1]


@dataclass(frozen=True)
class Marginal:
    """A factor tested given the others.

    Attributes
    ----------
    df
        Degrees of freedom that the factor adds to the others: its groups less one, or
        fewer where the others tell some of its groups apart already.
    f
        Pseudo-F: the marginal sum of squares over df, over the residual mean square.
    p
        Share of the permutations, the real order among them, with an F as high.
    """

    df: int
    f: float
    p: float


def marginal_test(
    distances: np.ndarray,
    design: Design,
    rng: np.random.Generator,
    permutations: int = 999,
    strata: np.ndarray | None = None,
) -> Marginal:
    """Test what a factor adds to the others, permuting residuals of the model without it.

    Anderson & Legendre 1999 (J. Stat. Comput. Simul. 62:271), after Freedman & Lane 1983:
    the residuals R A R, with R = I - H of the others, keep no trace of the others, and
    without an effect of the factor their rows and columns may change places. A
    permutation takes O(network² columns) operations. Factors add up in the model: where
    one has its effect at some levels of another only, this is left in the residuals, and
    a factor without an effect on average is significant less often than it may be.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    design
        The model.
    rng
        Draws the permutations.
    strata
        (network,), within the groups of which networks change places; None: among all.

    Returns
    -------
    Marginal
        NaN in f and p where the factor adds nothing, where no degree of freedom is left,
        or where all distances are zero.
    """
    return products_test(halved_squares(distances), design, rng, permutations, strata)


def products_test(
    products: np.ndarray,
    design: Design,
    rng: np.random.Generator,
    permutations: int,
    strata: np.ndarray | None = None,
) -> Marginal:
    """Test as `marginal_test` does, from inner products (network, network)."""
    if not design.df or design.rest < 1 or not np.any(products):
        return Marginal(design.df, np.nan, np.nan)
    residuals = outer_residuals(products, design.others)
    total = float(np.trace(residuals))
    own = float(np.sum(design.own * (residuals @ design.own)))
    f = _f(np.array([own]), np.array([total - own]), design, total)[0]
    order = _permutations(len(products), permutations, rng, strata)
    columns = np.hstack([design.own, design.others])
    explained = _explained(residuals, columns, order)
    permuted = _f(explained[:, : design.df].sum(1), total - explained.sum(1), design, total)
    # Orders that leave every group as it is give the same F but for rounding.
    as_high = permuted >= (f - 1e-9 * abs(f) if np.isfinite(f) else f)
    return Marginal(design.df, float(f), float((as_high.sum() + 1) / (permutations + 1)))


def halved_squares(distances: np.ndarray) -> np.ndarray:
    """Return -D²/2: inner products of the networks, but for their means (Gower 1966)."""
    return -0.5 * distances**2


def outer_residuals(products: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Return R A R of products A (network, network), R the residuals of an orthonormal basis."""
    mixed = products @ basis
    left = basis @ mixed.T
    return products - left - left.T + basis @ (basis.T @ mixed) @ basis.T


def _columns(values: np.ndarray) -> np.ndarray:
    """Numbers as they are; labels as a column per group that is 1 for its networks."""
    values = np.asarray(values)
    if values.ndim == 2:
        return values.astype(np.float64)
    _, codes = np.unique(values, return_inverse=True)
    return np.eye(codes.max() + 1)[codes]


def _basis(columns: np.ndarray, scale: np.ndarray | None = None) -> np.ndarray:
    """Orthonormal basis of columns; directions much shorter than the scale's are dropped."""
    size = np.linalg.norm(columns if scale is None else scale, 2)
    vectors, lengths, _ = np.linalg.svd(columns, full_matrices=False)
    return vectors[:, lengths > _ROUNDING * size]


def _f(own: np.ndarray, rest: np.ndarray, design: Design, total: float) -> np.ndarray:
    """Pseudo-F of sums of squares (permutation,); infinite where nothing is left."""
    rest = np.where(np.abs(rest) <= 1e-12 * abs(total), 0.0, rest)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (own / design.df) / (rest / design.rest)


def _explained(residuals: np.ndarray, columns: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Sum of squares along every permuted column (permutation, column)."""
    networks, count = columns.shape
    step = max(1, _BATCH // (networks * count))
    parts = []
    for start in range(0, len(order), step):
        moved = columns[order[start : start + step]]  # (permutation, network, column)
        moved = moved.transpose(1, 0, 2).reshape(networks, -1)
        parts.append(np.sum(moved * (residuals @ moved), axis=0).reshape(-1, count))
    return np.concatenate(parts)


def _permutations(
    networks: int, count: int, rng: np.random.Generator, strata: np.ndarray | None
) -> np.ndarray:
    """Orders of the networks (permutation, network)."""
    order = np.tile(np.arange(networks), (count, 1))
    codes = np.zeros(networks, int) if strata is None else np.unique(strata, return_inverse=True)[1]
    for stratum in range(codes.max() + 1):
        members = np.flatnonzero(codes == stratum)
        order[:, members] = rng.permuted(np.tile(members, (count, 1)), axis=1)
    return order
