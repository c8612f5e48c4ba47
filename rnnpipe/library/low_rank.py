"""Recurrent weights given as two thin factors, W = m nᵀ."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.cells import Weights


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


def factor(array: np.ndarray, turned: bool, units: int) -> Tensor:
    """A factor of the recurrent weights, (network, unit, rank), of one network."""
    upright = array.T if turned and array.ndim == 2 else array
    return torch.from_numpy(upright.reshape(units, -1).astype(np.float64))[None]
