"""Gaussian populations of units, fitted to the loadings of a network and drawn from again.

Dubreuil, Valente, Beiran, Mastrogiuseppe & Ostojic 2022 (Nat. Neurosci. 25:783): units whose
loadings follow one Gaussian are one population, and some computations need several of
them. How many is told by the Bayesian information criterion, and by networks that are drawn
from the fitted mixture: if these do the task, then nothing else about the units matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnpipe.networks.initial_loadings import gaussian

# Least variance of a population along any direction, relative to that of all units: so few
# units as lie in a plane by chance would else be a population of endless likelihood.
LEAST_VARIANCE = 1e-3
# Directions in which loadings vary less than this, relative to the largest, are left out.
FLAT = 1e-6
# Fits from different beginnings, of which the likeliest counts.
BEGINNINGS = 8


@dataclass(frozen=True)
class Mixture:
    """Gaussian populations.

    Attributes
    ----------
    shares
        (population,), shares of the units, descending.
    means
        (population, vector).
    covariances
        (population, vector, vector).
    bic
        Bayesian information criterion of the whitened loadings, of which the least is best.
    members
        (unit,), the likeliest population of each unit that was fitted.
    """

    shares: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    bic: float
    members: np.ndarray

    def draw(self, units: int, rng: np.random.Generator) -> np.ndarray:
        """Draw loadings (unit, vector) of so many units, each independent of the others."""
        populations = rng.choice(len(self.shares), units, p=self.shares)
        values = np.empty((units, self.means.shape[1]))
        for population, (mean, covariance) in enumerate(
            zip(self.means, self.covariances, strict=True)
        ):
            own = populations == population
            values[own] = mean + gaussian(covariance, own.sum(), rng)
        return values

    def columns(self) -> dict[str, float | np.ndarray]:
        """Columns of the mixture's row in a table."""
        lists = {"shares": self.shares, "means": self.means, "covariances": self.covariances}
        return {"bic": self.bic, **{name: _as_one(values) for name, values in lists.items()}}


def _as_one(values: np.ndarray) -> np.ndarray:
    """Flatten an array into the only entry of a column of lists, which differ in length."""
    entry = np.empty(1, dtype=object)
    entry[0] = values.ravel()
    return entry


@dataclass(frozen=True)
class Whitened:
    """Loadings as numbers of mean 0 and variance 1 that do not covary.

    Attributes
    ----------
    values
        (unit, direction).
    centre
        (vector,), the mean of the loadings.
    back
        (direction, vector): loadings are centre + values @ back.
    """

    values: np.ndarray
    centre: np.ndarray
    back: np.ndarray


def whiten(values: np.ndarray) -> Whitened:
    """Whiten loadings (unit, vector); what hardly varies is left out.

    Fits to the result are the same for all linear transforms of the loadings, so that m and n
    may be those of any factors.
    """
    centre = values.mean(axis=0)
    sizes = values.std(axis=0)
    varied = sizes > FLAT * np.abs(values).max(axis=0, initial=0.0)
    scaled = (values[:, varied] - centre[varied]) / sizes[varied]
    left, singular, right = np.linalg.svd(scaled, full_matrices=False)
    kept = singular > FLAT * singular.max(initial=0.0)
    root = len(values) ** 0.5
    back = np.zeros((int(kept.sum()), values.shape[1]))
    back[:, varied] = right[kept] * singular[kept, None] / root * sizes[varied]
    return Whitened(left[:, kept] * root, centre, back)


def fit_mixtures(values: np.ndarray, counts: Sequence[int], seed: int) -> list[Mixture]:
    """Fit mixtures of several numbers of populations to loadings (unit, vector).

    By scikit-learn's expectation maximisation on the whitened loadings. Their criterion differs
    from that of the loadings themselves by the same amount for every number of populations.

    Parameters
    ----------
    counts
        Numbers of populations.
    seed
        Of the beginnings of the fits.
    """
    # Imported where it is used: it takes half a second.
    from sklearn.mixture import GaussianMixture

    white = whiten(values)
    mixtures = []
    for count in counts:
        fit = GaussianMixture(
            count, reg_covar=LEAST_VARIANCE, n_init=BEGINNINGS, max_iter=500, random_state=seed
        ).fit(white.values)
        order = np.argsort(-fit.weights_, kind="stable")
        mixtures.append(
            Mixture(
                fit.weights_[order] / fit.weights_.sum(),
                white.centre + fit.means_[order] @ white.back,
                white.back.T @ fit.covariances_[order] @ white.back,
                float(fit.bic(white.values)),
                np.argsort(order)[fit.predict(white.values)],
            )
        )
    return mixtures
