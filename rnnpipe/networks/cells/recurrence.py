"""Products with the recurrent weights, step by step and back: a full matrix, or two thin ones.

A scan adds W y to the current of every step, takes the product of every
step's gradient with W on the way back, and wants the weights' gradient at the
end. With W = m nᵀ the first two are two products each with few rows, r N
numbers in place of N², and the gradients of m and n are one thin product each
over all times.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import pad

from rnnpipe.networks.cells.base import Weights
from rnnpipe.networks.cells.scan import recurrent_gradient

# The product of one network with one column goes through other instructions than that of
# several: its last bit would depend on the networks beside it. So a rank of 1 is padded.
LEAST_ROWS = 2


class Recurrence(ABC):
    """The recurrent weights in one scan, forward and backward.

    Attributes
    ----------
    saved
        Tensors that the backward pass needs beside those the scan was given.
    """

    saved: tuple[Tensor, ...] = ()

    @abstractmethod
    def begin(self, currents: Tensor, gain: float) -> None:
        """Prepare the forward pass for currents (network, time, trial, unit), to be times gain."""

    @abstractmethod
    def add(self, t: int, current: Tensor, rates: Tensor) -> None:
        """Add gain · W y to the current of step t; both (network, trial, unit)."""

    @abstractmethod
    def begin_back(self, delta: Tensor, saved: Sequence[Tensor]) -> None:
        """Prepare the backward pass for gradients of the currents at all times."""

    @abstractmethod
    def add_back(self, t: int, total: Tensor, delta: Tensor, keep: bool = True) -> None:
        """Add the product of W and step t's gradient, Wᵀ δ, to `total`, or write it there."""

    @abstractmethod
    def gradients(self, delta: Tensor, before: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        """Gradients of the factors; parameters as of `recurrent_gradient`."""


class FullRecurrence(Recurrence):
    """Products with W, (network, unit, unit)."""

    def __init__(self, W: Tensor) -> None:
        self.W = W

    def begin(self, currents: Tensor, gain: float) -> None:
        self._columns = (self.W * gain).mT

    def add(self, t: int, current: Tensor, rates: Tensor) -> None:
        current.baddbmm_(rates, self._columns)

    def begin_back(self, delta: Tensor, saved: Sequence[Tensor]) -> None:
        pass

    def add_back(self, t: int, total: Tensor, delta: Tensor, keep: bool = True) -> None:
        total.baddbmm_(delta, self.W, beta=int(keep))

    def gradients(self, delta: Tensor, before: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        return (recurrent_gradient(delta, before, first),)


class ThinRecurrence(Recurrence):
    """Products with m nᵀ, m and n (network, unit, rank).

    Forward, κ = nᵀ y of every step is kept; backward, λ = mᵀ δ. Then the
    gradient of m is Σ δ κᵀ, and that of n is Σ y λᵀ.
    """

    def __init__(self, m: Tensor, n: Tensor) -> None:
        self.rank = m.shape[-1]
        self._m, self._n = _rows(m), _rows(n)

    def begin(self, currents: Tensor, gain: float) -> None:
        self._scaled = self._m * gain
        self.saved = (self._thin(currents),)
        self._kappa = self.saved[0].unbind(1)

    def add(self, t: int, current: Tensor, rates: Tensor) -> None:
        kappa = torch.bmm(rates, self._n.mT, out=self._kappa[t])
        current.baddbmm_(kappa, self._scaled)

    def begin_back(self, delta: Tensor, saved: Sequence[Tensor]) -> None:
        self.saved = tuple(saved)
        self._all_lambda = self._thin(delta)
        self._lambda = self._all_lambda.unbind(1)

    def add_back(self, t: int, total: Tensor, delta: Tensor, keep: bool = True) -> None:
        torch.bmm(delta, self._m.mT, out=self._lambda[t])
        total.baddbmm_(self._lambda[t], self._n, beta=int(keep))

    def gradients(self, delta: Tensor, before: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        by_m = torch.bmm(self.saved[0].flatten(1, 2).mT, delta.flatten(1, 2))
        by_n = recurrent_gradient(self._all_lambda, before, first)
        return by_m[:, : self.rank].mT, by_n[:, : self.rank].mT

    def _thin(self, like: Tensor) -> Tensor:
        return like.new_empty(*like.shape[:3], self._m.shape[1])


def _rows(factor: Tensor) -> Tensor:
    """A factor (network, unit, rank) as rows (network, rank, unit), at least `LEAST_ROWS`."""
    missing = max(0, LEAST_ROWS - factor.shape[-1])
    return pad(factor.mT, (0, 0, 0, missing)).contiguous()


def recurrence(factors: Sequence[Tensor]) -> Recurrence:
    """The products with W, or with m and n."""
    return FullRecurrence(*factors) if len(factors) == 1 else ThinRecurrence(*factors)


def recurrent_factors(weights: Weights) -> tuple[Tensor, ...]:
    """W, or m and n where they are known: what `recurrence` takes, and has gradients."""
    return (weights.recurrent,) if weights.factors is None else weights.factors
