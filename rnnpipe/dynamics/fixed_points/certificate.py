"""Evidence that a set of fixed points is complete."""

from dataclasses import dataclass

import numpy as np

DEGENERATE = 1e-6


@dataclass(frozen=True)
class Certificate:
    """The sum of indices over a set of fixed points, and what it implies.

    Attributes
    ----------
    index_sum
        Over all points given.
    verdict
        ``consistent``, ``incomplete`` or ``not applicable``.
    reason
        Why, as a phrase.
    """

    index_sum: int
    verdict: str
    reason: str


def indices(jacobians: np.ndarray) -> np.ndarray:
    """Index of each fixed point, the sign of det(I - J).

    Equal to (-1) to the number of real eigenvalues above 1, since complex
    pairs contribute positive factors.

    Parameters
    ----------
    jacobians
        (point, unit, unit).

    Returns
    -------
    numpy.ndarray
        (point,), -1, 0 (exactly degenerate) or 1.
    """
    identity = np.eye(jacobians.shape[-1])
    return np.linalg.slogdet(identity - jacobians).sign.astype(np.int64)


def certify(index: np.ndarray, eigenvalues: np.ndarray, unbounded: str = "") -> Certificate:
    """Compare the sum of indices with that of a complete set of fixed points.

    A map of a box into itself whose fixed points are all nondegenerate has
    index sum exactly 1 (Lefschetz-Hopf theorem). Another sum proves that
    points are missing; a sum of 1 is necessary, not sufficient.

    Parameters
    ----------
    index
        (point,), of every fixed point in the box.
    eigenvalues
        (point, mode), of the Jacobians there.
    unbounded
        Why no box is mapped into itself; empty if one is.

    Returns
    -------
    Certificate
        ``not applicable`` if there is no box or an eigenvalue lies within
        1e-6 of 1, as on a continuous attractor.
    """
    total = int(index.sum())
    degenerate = int((np.abs(eigenvalues - 1) < DEGENERATE).any(-1).sum())
    if unbounded:
        return Certificate(total, "not applicable", unbounded)
    if degenerate:
        reason = f"{degenerate} of {len(index)} points have an eigenvalue within {DEGENERATE} of 1"
        return Certificate(total, "not applicable", reason)
    if total == 1:
        return Certificate(total, "consistent", "the indices sum to 1")
    return Certificate(total, "incomplete", f"the indices sum to {total}, not 1")


def estimated_missing(hits: np.ndarray) -> float:
    """Estimate the number of points not found, by Chao's bias-corrected estimator.

    f1 (f1 - 1) / (2 (f2 + 1)), where f1 points were found once and f2 twice
    (Chao 1984, Scand. J. Stat. 11:265). Points found more often say nothing.

    Parameters
    ----------
    hits
        (point,), how often each was found.
    """
    once, twice = int((hits == 1).sum()), int((hits == 2).sum())
    return once * (once - 1) / (2 * (twice + 1))
