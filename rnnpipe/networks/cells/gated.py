"""What gated cells share: no leak, no noise, and gradients summed over spans of time.

A gated cell has several currents per unit. Their gradients at all times would
not stay in the cache, so they are held for a span of time steps only: written
step by step, then added to the weights' gradients by one product each.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx

from rnnpipe.dynamics.maps import Linear
from rnnpipe.networks.activations import ACTIVATIONS
from rnnpipe.networks.cells.base import Cell, Weights
from rnnpipe.networks.cells.scan import from_initial_state, with_bias, with_ones

SPAN = 10
SIGMOID = ACTIVATIONS["sigmoid"]


class GatedCell(Cell):
    """A cell whose gates are σ, and whose candidate is φ, of one current each."""

    def __init__(self, activation: str, alpha: float = 1.0, noise: float = 0.0) -> None:
        if alpha != 1:
            raise ValueError(f"a gated cell has no leak: alpha must be 1, not {alpha}")
        super().__init__(activation, alpha, noise)

    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        if noise is not None:
            raise ValueError("noise is defined for leaky cells; a gated cell takes none")
        h0 = from_initial_state(weights, x.shape[2])
        return self._scan(with_ones(x), self._input_columns(weights), h0, weights.recurrent)

    def _input_columns(self, weights: Weights) -> Tensor:
        """Input weights and bias as the cell's scan takes them, (network, row, input + 1)."""
        return with_bias(weights)

    @abstractmethod
    def _scan(
        self, x: Tensor, w_in: Tensor, h0: Tensor, recurrent: Tensor
    ) -> tuple[Tensor, Tensor]:
        """States and rates by the cell's autograd function."""


class InterpolatingCell(GatedCell):
    """h' = z h + (1 - z) n: a gate z keeps a part of the state, a candidate n makes the rest."""

    @abstractmethod
    def _derivatives(
        self, h: Tensor, u: Tensor, weights: Weights
    ) -> tuple[Tensor, tuple[Tensor, ...], tuple[Tensor, ...]]:
        """z, and dh' by every block's recurrent current W h and by its drive W_in x + b.

        (network, trial, unit) each; blocks in the order of the weights' rows.
        """

    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        kept, slopes, _ = self._derivatives(h, u, weights)
        jacobian = weighted_sum(slopes, weights.recurrent.chunk(self.gates, 1))
        jacobian.diagonal(dim1=-2, dim2=-1).add_(kept)
        return jacobian

    def linearized(self, h: Tensor, u: Tensor, weights: Weights) -> Linear:
        kept, slopes, _ = self._derivatives(h, u, weights)
        kept = kept[..., None, :]
        return lambda directions: weighted_parts(slopes, directions, weights).addcmul_(
            kept, directions
        )

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        _, _, slopes = self._derivatives(h, u, weights)
        return weighted_sum(slopes, weights.input.chunk(self.gates, 1))

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


def weighted_parts(slopes: Sequence[Tensor], directions: Tensor, weights: Weights) -> Tensor:
    """Σ_g s_g · (W_g v): slopes (network, trial, unit) each, directions (network, trial, k, unit).

    The same sum as `weighted_sum` of the recurrent weights, times directions.
    """
    parts = weights.recur(directions).chunk(len(slopes), -1)
    total = slopes[0][..., None, :] * parts[0]
    for slope, part in zip(slopes[1:], parts[1:], strict=True):
        total.addcmul_(slope[..., None, :], part)
    return total


def blocks(values: Tensor, count: int) -> list[tuple[Tensor, ...]]:
    """Views of the blocks at every step: (network, time, trial, block · unit) -> [time][block]."""
    return list(zip(*(part.unbind(1) for part in values.chunk(count, -1)), strict=True))


def spans(time: int) -> Iterator[tuple[int, int]]:
    """First step of every span and the step after its last, from the last span back."""
    for first in reversed(range(0, time, SPAN)):
        yield first, min(first + SPAN, time)


def scaled_rows(matrix: Tensor, first: int, last: int, gain: float) -> Tensor:
    """A copy of (network, row, column) whose rows from `first` up to `last` are times `gain`."""
    scaled = matrix.clone()
    scaled[:, first:last] *= gain
    return scaled


class SpanGradients:
    """Gradients of inputs and weights, summed over spans of time.

    Attributes
    ----------
    delta
        (network, step of the span, trial, row): gradients of the currents, for
        the caller to write; rows are those of `w_in`. Until it writes a block,
        the caller may use the block's memory for intermediate values.
    """

    def __init__(
        self, ctx: FunctionCtx, x: Tensor, w_in: Tensor, recurrent: Tensor, h0: Tensor, h: Tensor
    ) -> None:
        networks, time, trials, _ = x.shape
        rows = w_in.shape[1]
        self.delta = x.new_empty(networks, min(SPAN, time), trials, rows)
        self._x, self._w_in, self._h0, self._h = x, w_in, h0, h
        self._recurrent_rows = recurrent.shape[1]
        self._by_x = torch.empty_like(x) if ctx.needs_input_grad[0] else None
        # A product with few columns is many times slower than one with few rows.
        self._by_columns = x.new_zeros(networks, x.shape[-1], rows)
        self._by_recurrent = torch.zeros_like(recurrent)

    def add(self, first: int, last: int) -> None:
        """Add the products with `delta`, which holds the steps from `first` up to `last`."""
        delta = self.delta[:, : last - first]
        rows = delta.flatten(1, 2)
        if self._by_x is not None:
            by_x = torch.bmm(rows, self._w_in)
            self._by_x[:, first:last] = by_x.unflatten(1, delta.shape[1:3])
        self._by_columns.baddbmm_(self._x[:, first:last].flatten(1, 2).mT, rows)
        delta = delta[..., : self._recurrent_rows]
        if first == 0:
            self._by_recurrent.baddbmm_(delta[:, 0].mT, self._h0)
            delta, first = delta[:, 1:], 1
        before = self._h[:, first - 1 : last - 1]
        self._by_recurrent.baddbmm_(delta.flatten(1, 2).mT, before.flatten(1, 2))

    def result(self) -> tuple[Tensor | None, Tensor, Tensor]:
        """Gradients of x, if it needs one, of the input and of the recurrent weights."""
        return self._by_x, self._by_columns.mT, self._by_recurrent
