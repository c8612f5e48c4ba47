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
        ``proved``, ``consistent``, ``incomplete`` or ``not applicable``.
    reason
        Why, as a phrase.
    """

    index_sum: int
    verdict: str
    reason: str


def certify(index: np.ndarray, smallest: np.ndarray, unbounded: str = "") -> Certificate:
    """Compare the sum of indices with that of a complete set of fixed points.

    A map of a box into itself whose fixed points are all nondegenerate has
    index sum exactly 1 (Lefschetz-Hopf theorem). Another sum proves that
    points are missing; a sum of 1 is necessary, not sufficient, since missing
    points of opposite index cancel.

    Parameters
    ----------
    index
        (point,), sign det(I - J) of every fixed point in the box, equal to -1
        to the number of real eigenvalues above 1.
    smallest
        (point,), smallest singular value of I - J there.
    unbounded
        Why no box is mapped into itself; empty if one is.

    Returns
    -------
    Certificate
        ``not applicable`` if there is no box or I - J has a singular value
        below 1e-6, as on a continuous attractor.
    """
    total = int(index.sum())
    degenerate = int((smallest < DEGENERATE).sum())
    if unbounded:
        return Certificate(total, "not applicable", unbounded)
    if degenerate:
        reason = f"{degenerate} of {len(index)} points are degenerate: I - J is nearly singular"
        return Certificate(total, "not applicable", reason)
    if total == 1:
        reason = "no sign that points are missing: the indices sum to 1"
        return Certificate(total, "consistent", reason)
    return Certificate(total, "incomplete", f"the indices sum to {total}, not 1")


def estimated_missing(hits: np.ndarray) -> float:
    """Estimate the number of points not found, by Chao's bias-corrected estimator.

    f1 (f1 - 1) / (2 (f2 + 1)), where f1 points were found once and f2 twice
    (Chao 1984, Scand. J. Stat. 11:265), less the points that were found
    otherwise. Points found more often say nothing.

    Parameters
    ----------
    hits
        (point,), how often each was found from independent starts; 0 for a
        point that was found otherwise.
    """
    never, once, twice = (int((hits == times).sum()) for times in range(3))
    return max(0.0, once * (once - 1) / (2 * (twice + 1)) - never)
