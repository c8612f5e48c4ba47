"""Lyapunov exponents of runs, with their standard errors."""

from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics.maps import Dynamics

# Updates between two orthonormalisations of the tangent vectors.
EVERY = 4
# Batches whose means give the standard errors.
BATCHES = 16
# By this share of its updates a run begins, before what is counted.
BEGINNING = 0.2


@dataclass(frozen=True)
class Stretch:
    """How runs stretch what is near them.

    Attributes
    ----------
    states
        (time, run, unit), all states of the runs but for their beginnings.
    exponents, errors
        (run, tangent), in descending order, per update.
    last
        (run, unit), the states at the end.
    """

    states: np.ndarray
    exponents: np.ndarray
    errors: np.ndarray
    last: np.ndarray


def stretched(
    dynamics: Dynamics, starts: np.ndarray, updates: int, tangents: int, rng: np.random.Generator
) -> Stretch:
    """Run on with tangent vectors, orthonormalised again and again.

    Benettin et al. (1980, Meccanica 15:9); errors from the means of 16
    batches of updates.

    Parameters
    ----------
    dynamics
        The map.
    starts
        (run, unit).
    updates
        Of every run, of which a fifth comes before what is counted.
    tangents
        Vectors per run, at most the number of units.
    rng
        Draws the first ones.

    Returns
    -------
    Stretch
    """
    tangents = min(tangents, dynamics.units)
    states = dynamics.placed(starts)
    first = rng.standard_normal((dynamics.units, tangents))
    basis = torch.linalg.qr(dynamics.placed(first))[0].expand(len(starts), -1, -1)
    path, logs = [], []
    rounds = max(BATCHES + 1, -(-updates // EVERY))
    for _ in range(rounds):
        vectors = basis.mT
        for _ in range(EVERY):
            vectors = dynamics.jvp(states, vectors)
            states = dynamics.step(states)
            path.append(states)
        basis, triangle = torch.linalg.qr(vectors.mT)
        logs.append(triangle.diagonal(dim1=1, dim2=2).abs().clamp_min(1e-300).log())
    kept = max(BATCHES, int((1 - BEGINNING) * rounds) // BATCHES * BATCHES)
    rates = torch.stack(logs[-kept:]).cpu().numpy() / EVERY
    means = rates.reshape(BATCHES, -1, *rates.shape[1:]).mean(1)
    return Stretch(
        states=torch.stack(path[-kept * EVERY :]).cpu().numpy(),
        exponents=rates.mean(0),
        errors=means.std(0, ddof=1) / np.sqrt(BATCHES),
        last=states.cpu().numpy(),
    )


def kaplan_yorke(exponents: np.ndarray) -> float:
    """Dimension of an attractor from its exponents (tangent,), in descending order.

    k + (λ₁ + … + λ_k) / |λ_(k+1)| with the largest k of which the sum is not negative (Kaplan &
    Yorke 1979); NaN where the exponents given are too few to tell.
    """
    sums = np.cumsum(exponents)
    below = np.flatnonzero(sums < 0)
    if len(below) == 0:
        return np.nan
    k = int(below[0])
    return float(k + (sums[k - 1] if k else 0.0) / abs(exponents[k]))
