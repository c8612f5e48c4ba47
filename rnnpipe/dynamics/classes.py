"""What is stable, marginal, a saddle, an attractor: one definition for every table and figure.

A mode decays if its |lambda| is below 1, grows if above, and is marginal within `MARGINAL`
of 1 (or within the tolerance that the settings name; branches change their stability, and
eigenvectors of unstable modes are kept, from 1 on). A fixed point or cycle with a marginal
mode is ``marginal``; else it is ``stable`` if all its modes decay, and a k-saddle if k grow.
So each point belongs to one class, and a marginal one is neither stable nor a saddle.
"""

import numpy as np

MARGINAL = 1e-3
# A mode whose |lambda| exceeds 1 by no more than this holds a state for any run.
NEUTRAL = 1e-6
STABLE, MARGINAL_CLASS = "stable", "marginal"
# Kinds of attractors, where runs end, in the order of every table and legend. Of these a run may
# name all but the last, a drift that goes on after the longest run.
FIXED, CYCLE, LIMIT_CYCLE = "fixed", "cycle", "limit cycle"
TORUS, CHAOTIC, SLOW = "torus", "chaotic", "slow"
KINDS = (FIXED, CYCLE, LIMIT_CYCLE, TORUS, CHAOTIC, SLOW)
# Natures of slow curves and surfaces; one may be marginal, too.
ATTRACTOR, REPELLING, LEAK = "attractor", "repelling", "leak"


def growing(eigenvalues: np.ndarray, tolerance: float = MARGINAL) -> np.ndarray:
    """Whether each mode grows; of the shape of `eigenvalues`, an array or a tensor."""
    return abs(eigenvalues) > 1 + tolerance


def decaying(eigenvalues: np.ndarray, tolerance: float = MARGINAL) -> np.ndarray:
    """Whether each mode decays; a mode that neither grows nor decays is marginal."""
    return abs(eigenvalues) < 1 - tolerance


def attracts(eigenvalues: np.ndarray) -> np.ndarray:
    """Whether each point (point, mode) attracts what is near, however slowly, or holds it there.

    So a marginal point may be an attractor: one of a ring of slow points is, where runs end.
    """
    return ~growing(eigenvalues, NEUTRAL).any(-1)


def class_labels(eigenvalues: np.ndarray, tolerance: float = MARGINAL) -> np.ndarray:
    """Name the class of each point: ``stable``, ``1-saddle``, ``2-saddle``, ..., ``marginal``.

    Parameters
    ----------
    eigenvalues
        (point, mode).
    """
    grow, decay = growing(eigenvalues, tolerance), decaying(eigenvalues, tolerance)
    labels = np.array([f"{k}-saddle" if k else STABLE for k in grow.sum(1)], dtype=object)
    labels[~(grow | decay).all(1)] = MARGINAL_CLASS
    return labels
