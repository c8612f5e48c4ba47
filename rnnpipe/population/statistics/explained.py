"""The share of the variance of distances that a factor explains: ω² with an interval.

R² grows with the number of groups although they mean nothing; ω² does not (Hays 1963;
Olejnik & Algina 2003, Psychol. Methods 8:434).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ncfdtr

from rnnpipe.population.statistics.jackknife import CONFIDENCE, FEWEST, jackknife_reach, smallest
from rnnpipe.population.statistics.regression import Design, halved_squares, outer_residuals

# Sums of squares that are smaller, relative to all, are rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Explained:
    """Share of the variance of distances that a factor explains given the others.

    Attributes
    ----------
    omega2
        (SS - df MS) / (SS_total + MS), SS the factor's marginal sum of squares and MS the
        residual mean square. Of one factor alone, the ω² of analysis of variance; given
        others, still a share of all variance, so that factors can be compared. Below 0
        where the factor explains less than chance would.
    omega2_low, omega2_high
        95 % interval; NaN where a group has fewer than four networks.
    """

    omega2: float
    omega2_low: float
    omega2_high: float


def explained(distances: np.ndarray, labels: np.ndarray, design: Design) -> Explained:
    """Estimate the share of the variance that a factor explains, with its interval.

    The interval is a delete-one jackknife's over networks of log(1 - ω²), the variances of
    the design's cells added and the degrees of freedom of their sum by Welch and
    Satterthwaite, which asks nothing of the residuals' shape, but near ω² = 0 takes a skewed
    distribution for a symmetric one. Where it reaches to 0, or nothing varies, it is widened
    to its union with that of a noncentral F with as many dimensions as the residuals
    effectively have: exact for Gaussian residuals along one of them (Steiger 2004, Psychol.
    Methods 9:164), but blind to heavy tails and unequal scatter.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    labels
        (network,), the group of each network; only the size of the smallest matters.
    design
        The model.

    Returns
    -------
    Explained
        All NaN where the factor adds nothing to the others, no degree of freedom is
        left, or all distances are zero.
    """
    found = _estimate(distances, design)
    if found is None:
        return Explained(np.nan, np.nan, np.nan)
    if smallest(labels) < FEWEST:
        return Explained(found.omega2, np.nan, np.nan)
    return Explained(found.omega2, *found.interval())


def explained_difference(
    first: np.ndarray, second: np.ndarray, labels: np.ndarray, design: Design
) -> Explained:
    """Estimate how much more a factor explains of one distance than of another.

    The interval combines that of either share (see `explained`) by the method of variance
    estimates recovery (Zou & Donner 2008, Stat. Med. 27:1693), with the correlation that
    the two shares have over the networks left out.

    Parameters
    ----------
    first, second
        (network, network) of the same networks, symmetric, hollow, without NaN.
    labels, design
        As for `explained`.

    Returns
    -------
    Explained
        The difference of ω² and its interval, NaN as in `explained`.
    """
    one, two = _estimate(first, design), _estimate(second, design)
    if one is None or two is None:
        return Explained(np.nan, np.nan, np.nan)
    difference = one.omega2 - two.omega2
    if smallest(labels) < FEWEST:
        return Explained(difference, np.nan, np.nan)
    (low, high), (bottom, top) = one.interval(), two.interval()
    alike = _correlation(one, two)
    below = _joined(one.omega2 - low, top - two.omega2, alike)
    above = _joined(high - one.omega2, two.omega2 - bottom, alike)
    return Explained(difference, difference - below, difference + above)


@dataclass(frozen=True)
class _Estimate:
    """What the interval of ω² is made of.

    Attributes
    ----------
    f, df, rest, others, networks
        Pseudo-F; degrees of freedom of the factor and of the residuals; variance that the
        other factors explain, over the residual variance, times the networks; their number.
    dimensions
        Along how many dimensions the residuals effectively scatter.
    left_out
        (network,), log(1 - ω²) without each network.
    cells
        (network,), which networks have the same place in the design.
    """

    omega2: float
    f: float
    df: int
    rest: int
    others: float
    networks: int
    dimensions: float
    left_out: np.ndarray
    cells: np.ndarray

    def interval(self) -> tuple[float, float]:
        """Return the jackknife's interval, or near 0 and without width its union with the other.

        Cut at 0 unless the estimate itself is lower.
        """
        low, high = self._jackknife()
        if low <= 0 or not low < high:
            lower, higher = self._noncentral()
            low, high = min(low, lower), max(high, higher)
        return max(low, min(0.0, self.omega2)), high

    def _jackknife(self) -> tuple[float, float]:
        rest = 1 - self.omega2
        if not rest > 0 or not np.isfinite(self.left_out).all():
            return self.omega2, self.omega2
        reach = jackknife_reach(self.left_out, self.cells)
        return 1 - rest * float(np.exp(reach)), 1 - rest * float(np.exp(-reach))

    def _noncentral(self) -> tuple[float, float]:
        if not np.isfinite(self.f):
            return self.omega2, self.omega2
        tail = (1 - CONFIDENCE) / 2
        sides = (self._noncentrality(p) / self.dimensions for p in (1 - tail, tail))
        low, high = (side / (side + self.networks + self.others) for side in sides)
        return low, high

    def _noncentrality(self, p: float) -> float:
        """Noncentrality under which a share p of the F is below the one found; at least 0."""
        df, rest = self.df * self.dimensions, self.rest * self.dimensions

        def excess(noncentrality: float) -> float:
            return float(ncfdtr(df, rest, noncentrality, max(self.f, 0.0))) - p

        if excess(0.0) <= 0:
            return 0.0
        top = df
        while excess(top) > 0:
            top *= 2
        return float(brentq(excess, 0.0, top, xtol=1e-9))


def _estimate(distances: np.ndarray, design: Design) -> _Estimate | None:
    """Estimate ω² of all networks, and without each of them; None where nothing can be."""
    products = halved_squares(distances)
    # Squares of distances that are all tiny are 0, too.
    if not design.df or design.rest < 1 or not np.any(products):
        return None
    constant = np.full((len(distances), 1), len(distances) ** -0.5)
    bases = (constant, design.others, design.full)
    sums, without, alone = zip(*(_residual_sums(products, basis) for basis in bases), strict=True)
    # A network that a column of the design is for alone takes this column with it.
    ranks = [basis.shape[1] - lone for basis, lone in zip(bases, alone, strict=True)]
    omega2, mean_square = _omega2(sums, design.df, design.rest, sums[0])
    rest = len(distances) - 1 - ranks[2]
    rest = np.where(rest > 0, rest, np.nan)
    left_out, _ = _omega2(without, ranks[2] - ranks[1], rest, sums[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(1 - left_out)
    positive = mean_square > 0
    return _Estimate(
        omega2=float(omega2),
        f=float((sums[1] - sums[2]) / design.df / mean_square) if positive else np.inf,
        df=design.df,
        rest=design.rest,
        others=max(0.0, (sums[0] - sums[1]) / mean_square - (design.others.shape[1] - 1))
        if positive
        else 0.0,
        networks=len(distances),
        dimensions=_dimensions(outer_residuals(products, design.full), design.rest),
        left_out=logs,
        cells=_strata(design.cells),
    )


def _omega2(sums, df, rest, size):
    """ω² and the residual mean square, from residual sums of squares of three models.

    The models: the constant alone, with the other factors, with the factor too. NaN where the
    first leaves nothing but rounding beside a sum of squares of this size: nothing varies.
    """
    total, reduced, full = sums
    total = np.where(np.abs(total) <= _ROUNDING * size, np.nan, total)
    full = np.where(np.abs(full) <= _ROUNDING * np.abs(total), 0.0, full)
    mean_square = full / rest
    return (reduced - full - df * mean_square) / (total + mean_square), mean_square


def _residual_sums(products: np.ndarray, basis: np.ndarray):
    """Residual sum of squares of a model: of all networks, and without each (network,).

    Without network i it is smaller by (R A R)_ii / R_ii, R the residuals' projection: the
    closed form of deletion in least squares (Cook & Weisberg 1982). Third, whether a
    column of the design is for a network alone, so that nothing is left of it to lose.
    """
    mixed = products @ basis
    inner = basis.T @ mixed
    diagonal = (
        np.diag(products)
        - 2 * np.sum(basis * mixed, axis=1)
        + np.sum(basis * (basis @ inner), axis=1)
    )
    left = 1 - np.sum(basis**2, axis=1)
    alone = left < 1e-9
    total = float(np.trace(products) - np.trace(inner))
    return total, total - np.where(alone, 0.0, diagonal / np.where(alone, 1.0, left)), alone


def _dimensions(residuals: np.ndarray, df: int) -> float:
    """Effective number of dimensions (tr Σ)² / tr Σ² of residuals R A R.

    tr Σ² without the bias that few degrees of freedom give it (Bai & Saranadasa 1996,
    Stat. Sinica 6:311); from 1 to the degrees of freedom.
    """
    variance = np.trace(residuals) / df
    squares = float(np.sum(residuals**2)) / df**2
    if df < 2 or not variance > 0:
        return 1.0
    unbiased = df**2 / ((df - 1) * (df + 2)) * (squares - variance**2 / df)
    return float(np.clip(variance**2 / unbiased, 1, df)) if unbiased > 0 else float(df)


def _strata(cells: np.ndarray) -> np.ndarray:
    """Cells of a design (network,), those of one network made a cell together."""
    sizes = np.bincount(cells)
    return np.unique(np.where(sizes[cells] == 1, -1, cells), return_inverse=True)[1]


def _correlation(one: _Estimate, two: _Estimate) -> float:
    """Correlation of what networks do to two estimates, within cells; 0 where one does not vary."""
    sides = np.stack([one.left_out, two.left_out])
    if not np.isfinite(sides).all():
        return 0.0
    sizes = np.bincount(one.cells)
    means = np.stack([np.bincount(one.cells, side) / sizes for side in sides])
    sides = sides - means[:, one.cells]
    size = np.sqrt(np.prod(np.sum(sides**2, axis=1)))
    return float(np.clip(np.sum(sides[0] * sides[1]) / size, -1, 1)) if size > 0 else 0.0


def _joined(one: float, two: float, alike: float) -> float:
    return float(np.sqrt(max(0.0, one**2 + two**2 - 2 * alike * one * two)))
