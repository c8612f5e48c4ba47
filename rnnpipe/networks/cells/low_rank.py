"""Recurrent weights of two thin factors, W = m nᵀ."""

from dataclasses import dataclass

from torch import Tensor

from rnnpipe.networks.cells.base import Weights


@dataclass(frozen=True)
class LowRankWeights(Weights):
    """Weights whose recurrent matrix is m nᵀ: products with directions use the factors.

    Attributes
    ----------
    m, n
        (network, unit, rank).
    """

    m: Tensor
    n: Tensor

    @property
    def factors(self) -> tuple[Tensor, Tensor]:
        return self.m, self.n

    def recur(self, directions: Tensor) -> Tensor:
        return (directions @ self.n[:, None]) @ self.m.mT[:, None]
