"""The gated recurrent unit, in PyTorch's form."""

from typing import NamedTuple

import torch
from torch import Tensor

from rnnpipe.networks.cells.base import Weights
from rnnpipe.networks.cells.gated import GatedCell, sigmoid_slope, weighted_sum
from rnnpipe.networks.cells.scan import gru_scan


class Gates(NamedTuple):
    """Reset r, update z, the current q = W_n h + b_hn that r scales, candidate n."""

    r: Tensor
    z: Tensor
    q: Tensor
    n: Tensor


class GRU(GatedCell):
    """h' = (1 - z) n + z h, with r, z = σ(W h + W_in x + b), n = φ(W_in x + b + r (W h + b_hn)).

    Cho et al. 2014 (EMNLP, p. 1724), with the reset after the product, as
    `torch.nn.GRU` has it. Rows of the weights are r, z, n; of the bias r, z,
    n, b_hn, the former two holding the sum of PyTorch's two biases.
    """

    gates = 3
    candidate = 2
    bias_blocks = 4

    def _gates(self, h: Tensor, u: Tensor, weights: Weights) -> Gates:
        a_r, a_z, q = torch.bmm(h, weights.recurrent.mT).chunk(3, -1)
        u_r, u_z, u_n = u.chunk(3, -1)
        r, z = torch.sigmoid(u_r + a_r), torch.sigmoid(u_z + a_z)
        q = q + weights.bias[:, None, u.shape[-1] :]
        return Gates(r, z, q, self.activation.function(u_n + r * q))

    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        gates = self._gates(h, u, weights)
        return torch.lerp(gates.n, h, gates.z)

    def _slopes(self, h: Tensor, gates: Gates) -> tuple[Tensor, Tensor, Tensor]:
        """dh' by the drive of r, z and n."""
        by_n = (1 - gates.z) * self.activation.slope(gates.n)
        return (
            by_n * gates.q * sigmoid_slope(gates.r),
            (h - gates.n) * sigmoid_slope(gates.z),
            by_n,
        )

    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        gates = self._gates(h, u, weights)
        by_r, by_z, by_n = self._slopes(h, gates)
        slopes = by_r, by_z, by_n * gates.r
        jacobian = weighted_sum(slopes, weights.recurrent.chunk(3, 1))
        jacobian.diagonal(dim1=-2, dim2=-1).add_(gates.z)
        return jacobian

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        slopes = self._slopes(h, self._gates(h, u, weights))
        return weighted_sum(slopes, weights.input.chunk(3, 1))

    def _columns(self, weights: Weights) -> Tensor:
        """Rows of r, z, q and n; q = W h + b_hn sees no input."""
        r, z, n = weights.input.chunk(3, 1)
        b_r, b_z, b_n, b_hn = weights.bias[..., None].chunk(4, 1)
        rows = torch.cat([r, z, torch.zeros_like(n), n], dim=1)
        return torch.cat([rows, torch.cat([b_r, b_z, b_hn, b_n], dim=1)], dim=-1)

    def _scan(
        self, x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor
    ) -> tuple[Tensor, Tensor]:
        states = gru_scan(x, w_in, h0, recurrent, self.activation)
        return states, states
