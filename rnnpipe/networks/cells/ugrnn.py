"""The update gate recurrent network."""

import torch
from torch import Tensor

from rnnpipe.networks.cells.base import Weights
from rnnpipe.networks.cells.gated import GatedCell, sigmoid_slope, weighted_sum
from rnnpipe.networks.cells.scan import ugrnn_scan


class UGRNN(GatedCell):
    """h' = u h + (1 - u) c, with u = σ(W h + W_in x + b), c = φ(W h + W_in x + b).

    Collins, Sohl-Dickstein & Sussillo 2017 (ICLR, arXiv:1611.09913), section
    2. Rows of weights and bias are u, c.
    """

    gates = 2
    candidate = 1
    bias_blocks = 2

    def _gates(self, h: Tensor, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor]:
        by_gate, by_candidate = torch.baddbmm(u, h, weights.recurrent.mT).chunk(2, -1)
        return torch.sigmoid(by_gate), self.activation.function(by_candidate)

    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        gate, c = self._gates(h, u, weights)
        return torch.lerp(c, h, gate)

    def _slopes(self, h: Tensor, gate: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """dh' by the drive of u and c."""
        return (h - c) * sigmoid_slope(gate), (1 - gate) * self.activation.slope(c)

    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        gate, c = self._gates(h, u, weights)
        jacobian = weighted_sum(self._slopes(h, gate, c), weights.recurrent.chunk(2, 1))
        jacobian.diagonal(dim1=-2, dim2=-1).add_(gate)
        return jacobian

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        slopes = self._slopes(h, *self._gates(h, u, weights))
        return weighted_sum(slopes, weights.input.chunk(2, 1))

    def _scan(
        self, x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor
    ) -> tuple[Tensor, Tensor]:
        states = ugrnn_scan(x, w_in, h0, recurrent, self.activation)
        return states, states
