"""Initial weights of networks of low rank, W = m nᵀ / N."""

from collections.abc import Mapping

import numpy as np

from rnnpipe.settings.sections.low_rank import covariance


def random_factors(units: int, rank: int, gain: float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian m and n, (2, unit, rank), of variance `gain` each, without any overlap but chance.

    Their product then is in proportion to the gain, as a full matrix is.
    """
    return rng.standard_normal((2, units, rank)) * np.sqrt(gain)


def drawn_loadings(
    loadings: Mapping[str, float],
    rank: int,
    sizes: tuple[int, int, int],
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Weights of which every unit draws its numbers from one Gaussian of a given covariance.

    The mean-field scaling of Dubreuil et al. 2022: recurrent weights are m nᵀ / N,
    and outputs are means over units, so that their weights are divided by N.

    Parameters
    ----------
    loadings
        Covariances by pairs of vectors, as `settings.sections.low_rank` reads them.
    sizes
        Numbers of units, inputs and outputs.

    Returns
    -------
    dict
        `recurrent` (2, unit, rank), m and n; `input` (unit, input); `output` (output, unit).
    """
    units, inputs, outputs = sizes
    counts = {"m": rank, "n": rank, "input": inputs, "output": outputs}
    vectors = [f"{kind}{number}" for kind, count in counts.items() for number in range(count)]
    drawn = gaussian(covariance(loadings, vectors), units, rng)
    m, n, into, out = np.split(drawn, np.cumsum([rank, rank, inputs]), axis=1)
    return {"recurrent": np.stack([m, n]), "input": into, "output": out.T / units}


def gaussian(covariances: np.ndarray, units: int, rng: np.random.Generator) -> np.ndarray:
    """Draw numbers (unit, vector) of mean 0 and a covariance (vector, vector)."""
    values, directions = np.linalg.eigh(covariances)
    root = directions * np.sqrt(np.maximum(values, 0.0))
    return rng.standard_normal((units, len(covariances))) @ root.T
