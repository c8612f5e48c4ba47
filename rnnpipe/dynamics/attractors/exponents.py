"""Lyapunov exponents of runs, with their standard errors."""

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Dynamics

# Updates between two orthonormalisations of the tangent vectors.
EVERY = 4
# Batches whose means give the standard errors.
BATCHES = 16
# This share of the updates comes before what is counted.
BEGINNING = 0.2


class Tangents:
    """Runs with tangent vectors, orthonormalised again and again.

    Benettin et al. (1980, Meccanica 15:9).

    Attributes
    ----------
    states
        (run, unit), as far as the runs have come.
    """

    def __init__(
        self, dynamics: Dynamics, starts: np.ndarray, tangents: int, rng: np.random.Generator
    ) -> None:
        self.dynamics = dynamics
        self.states = dynamics.placed(starts)
        first = rng.standard_normal((dynamics.units, min(tangents, dynamics.units)))
        basis = torch.linalg.qr(dynamics.placed(first))[0]
        self._basis = basis.expand(len(starts), -1, -1)
        self._path: list[Tensor] = []
        self._logs: list[Tensor] = []

    def advance(self, updates: int) -> None:
        """Run on by so many updates, rounded up to a multiple of four."""
        for _ in range(-(-updates // EVERY)):
            vectors = self._basis.mT
            for _ in range(EVERY):
                vectors = self.dynamics.jvp(self.states, vectors)
                self.states = self.dynamics.step(self.states)
                self._path.append(self.states)
            self._basis, triangle = torch.linalg.qr(vectors.mT)
            self._logs.append(triangle.diagonal(dim1=1, dim2=2).abs().clamp_min(1e-300).log())

    def keep(self, runs: list[int]) -> None:
        """Drop all but some of the runs."""
        self.states, self._basis = self.states[runs], self._basis[runs]
        self._path = [states[runs] for states in self._path]
        self._logs = [logs[runs] for logs in self._logs]

    def path(self) -> np.ndarray:
        """States (time, run, unit) of the runs but for their beginnings."""
        return torch.stack(self._path[-self._counted() * EVERY :]).cpu().numpy()

    def rates(self) -> np.ndarray:
        """How fast tangent vectors grew, (round, run, tangent), per update, in equal rounds.

        The beginning, a fifth of all updates, does not count.
        """
        return torch.stack(self._logs[-self._counted() :]).cpu().numpy() / EVERY

    def _counted(self) -> int:
        """Rounds that count, a multiple of the batches."""
        rounds = len(self._logs)
        return max(BATCHES, int((1 - BEGINNING) * rounds) // BATCHES * BATCHES)


def mean_exponents(rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of rates (round, tangent) and their standard errors, from the means of batches."""
    means = rates.reshape(BATCHES, -1, rates.shape[1]).mean(1)
    return rates.mean(0), means.std(0, ddof=1) / np.sqrt(BATCHES)


def smooth_exponents(rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means of rates (round, tangent) of a regular run, and their errors.

    With weights that vanish smoothly at either end, means of what repeats
    itself, once or in several rhythms, converge faster than any power of the
    length, whether it is a whole number of turns or not (Das et al. 2017,
    Nonlinearity 30:4111). The error is half of what separates the two halves.
    """
    one, other = (_smooth_mean(part) for part in np.array_split(rates, 2))
    return _smooth_mean(rates), np.abs(one - other) / 2


def _smooth_mean(rates: np.ndarray) -> np.ndarray:
    place = (np.arange(len(rates)) + 0.5) / len(rates)
    weight = np.exp(-1 / (place * (1 - place)))
    return weight @ rates / weight.sum()


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
