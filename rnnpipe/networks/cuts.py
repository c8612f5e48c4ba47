"""Networks whose recurrent weights are cut to a rank.

How low the rank of a network is that need not have been trained at low rank: its recurrent
weights, or what training has added to them, are cut to their leading singular vectors, and the
network is left as it is otherwise. Valente, Pillow & Ostojic 2022 (LINT, NeurIPS 35) fit networks
of rank r to the activity of another, and take the least r that reproduces it; Schuessler et al.
2020 (NeurIPS 33) cut the change of the weights in training, which is of low rank though the weights
are not. A network that is cut is not trained again, so the least rank at which it still does its
task is an upper bound on the rank that the task needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.networks.stack import ALIGNMENT, NetworkStack
from rnnpipe.settings.sections.training import PARTS


@dataclass(frozen=True)
class Cut:
    """The recurrent weights of a block's networks: a part that stays, and one cut by rank.

    Of rank r they are W_r = base + Σ s_i u_i v_iᵀ over the r largest singular values s_i. The
    matrices of a gated cell, one per gate and one of its candidate, are each cut to rank r: a
    network that is cut at r then feeds r numbers of its state back into each of them, as a rate
    network of rank r does into its only one. What is cut obeys neither signs nor masks any more:
    singular vectors mix units of either sign, and weights that a mask forbids need not stay zero.

    Attributes
    ----------
    networks
        The networks, in float64.
    whole
        (network, gate, post, pre), their effective recurrent weights.
    base
        (network, gate, post, pre), what stays at every rank: zeros, or the initial weights.
    left, values, right
        (network, gate, post, i), (network, gate, i) and (network, gate, i, pre): singular vectors
        and values of what is cut.
    rank
        (network,), numerical rank of what is cut, the largest of all gates.
    """

    networks: NetworkStack
    whole: Tensor
    base: Tensor
    left: Tensor
    values: Tensor
    right: Tensor
    rank: np.ndarray

    def at(self, networks: Sequence[int], ranks: Sequence[int]) -> NetworkStack:
        """Networks cut to ranks, without constraint on their recurrent weights.

        Parameters
        ----------
        networks
            (cut,), place of each in the block; a network may stand there several times.
        ranks
            (cut,), the rank that each is cut to. From its numerical rank on nothing is cut.
        """
        rows, wanted = torch.as_tensor(networks), torch.as_tensor(ranks)
        kept = torch.arange(self.values.shape[2]) < wanted[:, None]
        values = self.values[rows] * kept[:, None]
        cut = self.base[rows] + (self.left[rows] * values[..., None, :]) @ self.right[rows]
        uncut = wanted >= torch.from_numpy(self.rank)[rows]
        recurrent = torch.where(uncut[:, None, None, None], self.whole[rows], cut)
        return with_recurrent(self.networks.select(rows), recurrent.flatten(1, 2))

    def singular_value(self, network: int, rank: int) -> float:
        """Least singular value kept at a rank, of gates the largest; NaN at rank 0."""
        return float(self.values[network, :, rank - 1].max()) if rank else np.nan


def cut_weights(networks: NetworkStack) -> Cut:
    """Prepare to cut the effective recurrent weights of networks."""
    networks = networks.to("cpu").double()
    whole = _blocks(networks)
    return _cut(networks, whole, torch.zeros_like(whole))


def cut_change(networks: NetworkStack, start: NetworkStack) -> Cut:
    """Prepare to cut what training has added to the effective recurrent weights of networks.

    Parameters
    ----------
    start
        The same networks before training.
    """
    networks = networks.to("cpu").double()
    return _cut(networks, _blocks(networks), _blocks(start.to("cpu").double()))


def _cut(networks: NetworkStack, whole: Tensor, base: Tensor) -> Cut:
    left, values, right = torch.linalg.svd(whole - base, full_matrices=False)
    # As numpy.linalg.matrix_rank has it; what is less is rounding of the larger matrix.
    scale = torch.maximum(values[..., :1], torch.linalg.matrix_norm(base, 2)[..., None])
    least = networks.units * torch.finfo(values.dtype).eps * scale
    rank = (values > least).sum(-1).amax(1).numpy()
    return Cut(networks, whole, base, left, values, right, rank)


def _blocks(networks: NetworkStack) -> Tensor:
    """Effective recurrent weights (network, gate, post, pre)."""
    with torch.no_grad():
        return networks.weights().recurrent.unflatten(1, (networks.cell.gates, -1))


def with_recurrent(networks: NetworkStack, recurrent: Tensor) -> NetworkStack:
    """Networks with other effective recurrent weights, on which there is no constraint.

    Parameters
    ----------
    recurrent
        (network, gate · post, pre).
    """
    parts = {**networks.parts(), "recurrent": recurrent}
    rows = torch.cat([parts[name].flatten(1) for name in PARTS], dim=1)
    raw = torch.nn.functional.pad(rows, (0, -rows.shape[1] % ALIGNMENT))
    shapes = {**networks.shapes, "recurrent": tuple(recurrent.shape[1:])}
    free = torch.ones_like(networks.mask), torch.zeros_like(networks.sign)
    masks = networks.input_mask, networks.output_mask
    return NetworkStack(networks.cell, raw, shapes, *free, *masks, networks.regions)
