"""Stacks of one network of low rank, drawn, of any cell with a reduced map."""

import numpy as np
import torch

from rnnpipe.dynamics.maps import Driven
from rnnpipe.dynamics.plane import Directions, ReducedMap, directions
from rnnpipe.networks.cells import CELLS, Cell, LowRankWeights
from rnnpipe.networks.cells.base import driven

UNITS, INPUTS, OUTPUTS = 12, 2, 2


def drawn(
    kind: str, rank: int, alpha: float, activation: str = "tanh", gain: float = 3.0
) -> tuple[Cell, LowRankWeights]:
    """A cell, and weights of one network with random factors."""
    rng = np.random.default_rng(rank)

    def normal(*shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.standard_normal((1, *shape)))

    m, n = normal(UNITS, rank) / UNITS, gain * normal(UNITS, rank)
    weights = LowRankWeights(
        input=normal(UNITS, INPUTS),
        recurrent=m @ n.mT,
        bias=0.3 * normal(UNITS),
        output=normal(OUTPUTS, UNITS),
        output_bias=normal(OUTPUTS),
        initial_state=0.5 * normal(UNITS),
        m=m,
        n=n,
    )
    return CELLS[kind](activation, alpha), weights


def reduced(
    cell: Cell, weights: LowRankWeights, x: torch.Tensor
) -> tuple[Driven, Directions, ReducedMap]:
    """The network as a map, its directions, and its map of κ at the input x (input,)."""
    whole = driven(cell, weights)
    factors = weights.m[0], weights.n[0]
    found = directions(weights.recurrent[0], weights.output[0], factors=factors)
    return whole, found, ReducedMap.of(found, whole.rates(x), cell.alpha)
