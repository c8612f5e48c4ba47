"""What gated cells share: σ, the sum of the gates' derivatives, no leak and no noise."""

from abc import abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor

from rnnpipe.networks.cells.base import Cell, Weights, from_initial_state, with_ones


class GatedCell(Cell):
    """A cell whose gates are σ of a current each, and whose candidate is φ of one."""

    def __init__(self, activation: str, alpha: float = 1.0) -> None:
        if alpha != 1:
            raise ValueError(f"a gated cell has no leak: alpha must be 1, not {alpha}")
        super().__init__(activation, alpha)

    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        if noise is not None:
            raise ValueError("noise is defined for leaky cells; a gated one takes none")
        h0 = from_initial_state(weights, x.shape[2])
        return self._scan(with_ones(x), self._columns(weights), h0, weights.recurrent)

    def _columns(self, weights: Weights) -> Tensor:
        """Input weights with the bias as their last column, as the scan takes them."""
        return torch.cat([weights.input, weights.bias[..., None]], dim=-1)

    @abstractmethod
    def _scan(
        self, x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor
    ) -> tuple[Tensor, Tensor]:
        """States and rates, by the cell's own scan."""

    def rates(self, h: Tensor) -> Tensor:
        return h

    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        """The new state lies between the old one and the candidate, so φ's range holds both."""
        if not self.activation.bounded:
            return None
        corner = u.new_ones(len(u), weights.recurrent.shape[2])
        return self.activation.lower * corner, self.activation.upper * corner


def sigmoid_slope(y: Tensor) -> Tensor:
    """σ'(z), given y = σ(z)."""
    return y * (1 - y)


def weighted_sum(slopes: Sequence[Tensor], matrices: Sequence[Tensor]) -> Tensor:
    """Σ_g diag(s_g) W_g: (network, trial, unit), (network, unit, column) each.

    Returns
    -------
    Tensor
        (network, trial, unit, column).
    """
    total = slopes[0][..., None] * matrices[0][:, None]
    for slope, matrix in zip(slopes[1:], matrices[1:], strict=True):
        total.addcmul_(slope[..., None], matrix[:, None])
    return total
