"""How far the outputs of networks differ on identical inputs."""

import numpy as np

from rnnpipe.population.similarity.matrix import from_square


def function_distances(
    outputs: np.ndarray, targets: np.ndarray, reach: float = np.inf
) -> np.ndarray:
    """Compute the root-mean-square difference of outputs, relative to the spread of the targets.

    Parameters
    ----------
    outputs
        (network, sample, output), on the same inputs, at the length of training or
        longer.
    targets
        (sample, output), whose root mean square about the mean of each output is 1.
    reach
        Largest error, relative to the spread of the targets; larger errors count as this
        much, since one network that escapes would make up all of the variance.

    Returns
    -------
    np.ndarray
        (network, network); 1 is a difference as large as the targets' own. NaN off the
        diagonal for a network with outputs that are not finite, and for all networks if
        the targets never vary: then there is nothing to measure by.

    Raises
    ------
    ValueError
        If the targets have another shape or are not finite.
    """
    outputs, targets = (np.asarray(array, dtype=np.float64) for array in (outputs, targets))
    if outputs.shape[1:] != targets.shape:
        raise ValueError(
            f"targets have shape {targets.shape}, outputs of a network {outputs.shape[1:]}"
        )
    spread = np.sqrt(np.mean((targets - targets.mean(0)) ** 2))
    if not np.isfinite(spread):
        raise ValueError(f"targets have a spread of {spread}; it must be finite")
    if spread == 0:
        return from_square(np.full((len(outputs), len(outputs)), np.nan))
    # Squares of errors, not of outputs: solved networks err little, so little is lost
    # to cancellation when their squares are subtracted.
    errors = (outputs - targets).reshape(len(outputs), -1)
    finite = np.isfinite(errors).all(1)
    errors = np.where(finite[:, None], errors, 0.0).clip(-reach * spread, reach * spread)
    products = errors @ errors.T
    squares = np.diag(products)[:, None] + np.diag(products) - 2 * products
    distances = np.sqrt(np.maximum(squares, 0) / targets.size) / spread
    distances[~finite] = distances[:, ~finite] = np.nan
    return from_square(distances)
