"""What a slow curve is: an approximate attractor, repelling, marginal, or a leak.

The bounds stand here. A curve is slow beside the next mode wherever it can be followed at
all. It is an approximate continuous attractor only if the modes across it decay all along
it and if even its fastest drift takes many trials to cross it.
"""

import numpy as np

from rnnpipe.dynamics.classes import ATTRACTOR, LEAK, MARGINAL_CLASS, REPELLING, decaying, growing

# The fastest drift along an attractor takes at least so many trials to cross it.
TRIALS = 10.0


def nature(transversal: np.ndarray, crossing: float) -> str:
    """Name a slow curve or surface.

    Parameters
    ----------
    transversal
        (node,), largest |lambda| of the modes across it.
    crossing
        Trials that its fastest drift takes to cross it.

    Returns
    -------
    str
        ``repelling`` if a mode across it grows anywhere, ``marginal`` if one is marginal,
        ``leak`` if all decay but the drift crosses it within few trials, else ``attractor``.
    """
    if growing(transversal).any():
        return REPELLING
    if not decaying(transversal).all():
        return MARGINAL_CLASS
    return ATTRACTOR if crossing >= TRIALS else LEAK


def crossing(length: float, drift: np.ndarray, trial: int) -> float:
    """Compute the trials that the fastest drift (node,) takes to cover a length; inf at rest."""
    fastest = np.abs(drift).max()
    return float(length / (fastest * trial)) if fastest > 0 else np.inf


def largest_transversal(eigenvalues: np.ndarray, along: int) -> np.ndarray:
    """Compute the largest |lambda| without the modes along a curve or surface; (node,).

    Parameters
    ----------
    eigenvalues
        (node, mode).
    along
        Number of modes nearest 1 that belong to it.

    Returns
    -------
    ndarray
        0 where no mode is left.
    """
    order = np.abs(eigenvalues - 1).argsort(axis=1)
    across = np.take_along_axis(eigenvalues, order, axis=1)[:, along:]
    return np.abs(across).max(axis=1, initial=0.0)


def longest_attractor(
    position: np.ndarray, drift: np.ndarray, transversal: np.ndarray, trial: int
) -> slice:
    """Find the longest piece of an open curve that is an attractor; empty if none is.

    Parameters
    ----------
    position, drift, transversal
        (node,): arc length, drift along the curve, largest |lambda| across it.
    trial
        Updates per trial.
    """
    best, longest = slice(0, 0), 0.0
    for first in range(len(position)):
        fastest = np.maximum.accumulate(np.abs(drift[first:]))
        across = np.maximum.accumulate(transversal[first:])
        length = position[first:] - position[first]
        good = decaying(across) & (length >= TRIALS * trial * fastest)
        last = int(np.flatnonzero(good)[-1]) if good.any() else 0
        if length[last] > longest:
            best, longest = slice(first, first + last + 1), float(length[last])
    return best
