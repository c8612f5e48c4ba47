"""R²: the share of the targets' variance that outputs explain."""

import numpy as np

from rnnpipe.tasks.base import Trials


def r_squared(outputs: np.ndarray, trials: Trials) -> float:
    """R² of outputs (trial, time, output), all outputs together; at most 1.

    Means are those of each output over the trials given, weighted by the
    mask; the score of constant targets is NaN. Targets in random order score
    -1, their mean 0.
    """
    weights = trials.mask.astype(float)
    targets = trials.targets.astype(float)
    counted = np.maximum(weights.sum((0, 1)), np.finfo(float).tiny)
    means = (weights * targets).sum((0, 1)) / counted
    variance = (weights * (targets - means) ** 2).sum()
    error = (weights * (outputs - targets) ** 2).sum()
    return float(1 - error / variance) if variance > 0 else float("nan")
