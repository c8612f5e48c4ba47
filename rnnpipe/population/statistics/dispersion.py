"""Whether networks of some groups scatter more widely than those of others: PERMDISP."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.population.statistics.regression import Design, halved_squares, products_test

# Two networks are equally far from their centroid: their distances do not vary.
FEWEST_IN_CELL = 3


@dataclass(frozen=True)
class Dispersion:
    """A factor's effect on how widely networks scatter.

    Attributes
    ----------
    dispersion_f
        F of the networks' distances to the centroid of their cell, given the other factors.
    dispersion_p
        By permutation of residuals.
    """

    dispersion_f: float
    dispersion_p: float


def dispersion_test(
    distances: np.ndarray,
    design: Design,
    rng: np.random.Generator,
    permutations: int = 999,
    strata: np.ndarray | None = None,
) -> Dispersion:
    """Test whether a factor changes how far networks lie from those of equal settings.

    Anderson 2006 (Biometrics 62:245), around centroids: with one factor, an analysis of
    variance of `centroid_distances`, tested by permuting its residuals. Given others,
    these distances are regressed as `marginal_test` regresses networks. Where groups scatter
    differently, a difference of location may be one in name only.

    Distances to a common centroid are correlated, squared ones of Gaussian networks by
    1/(n - 1)² in a cell of n, so that their mean varies as that of n - 1 independent ones,
    and F is inflated by (n - 1)/(n - 2): with four networks the test as published is
    significant in 6 to 14 % of populations without an effect. So distances are spread
    around the mean of their cell by sqrt((n - 1)/(n - 2)) first, and weigh (n - 1)/n.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    design
        The model.
    rng, strata
        As for `marginal_test`.

    Returns
    -------
    Dispersion
        NaN where a cell of the design has fewer than three networks, where the factor adds
        nothing to the others, or where no distances differ.
    """
    sizes = np.bincount(design.cells)[design.cells]
    if sizes.min() < FEWEST_IN_CELL:
        return Dispersion(np.nan, np.nan)
    far = centroid_distances(distances, design.cells)
    if np.ptp(far) <= 1e-9 * far.max(initial=0.0):
        return Dispersion(np.nan, np.nan)
    means = np.bincount(design.cells, far)[design.cells] / sizes
    weights = (sizes - 1) / sizes
    spread = (means + (far - means) * np.sqrt((sizes - 1) / (sizes - 2))) * np.sqrt(weights)
    model = design.weighted(weights)
    found = products_test(np.outer(spread, spread), model, rng, permutations, strata)
    return Dispersion(found.f, found.p)


def centroid_distances(distances: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Distance of every network to the centroid of its cell (network,).

    In principal coordinates, the squares along imaginary axes subtracted: the mean squared
    distance to the networks of the cell less half of that between them, which needs
    no coordinates. Times sqrt(n / (n - 1)) in a cell of n, or small cells would seem
    tighter (Stier et al. 2013, Ecology 94:1526); 0 in a cell of one.

    Parameters
    ----------
    distances
        (network, network), symmetric, hollow, without NaN.
    cells
        (network,) int.
    """
    products = halved_squares(distances)
    indicator = np.eye(cells.max() + 1)[cells]
    sizes = indicator.sum(0)
    towards = products @ indicator / sizes  # mean product with the networks of a cell
    within = np.diagonal(indicator.T @ towards) / sizes
    own = np.arange(len(cells)), cells
    squares = within[cells] - 2 * towards[own]
    small = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 0.0)
    return np.sqrt(np.abs(squares) * small[cells])
